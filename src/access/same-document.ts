/**
 * A document with its keys in order, and lists of texts as sets: AWS gives policies back with lists of one as texts and
 * actions in another order.
 */
function toCanonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(toCanonical);
    if (!items.every((item) => typeof item === "string")) return items;
    return items.length === 1 ? items[0] : [...new Set(items)].sort();
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, toCanonical(each)]));
}

/** Whether two JSON documents mean the same. */
export function isSameDocument(a: unknown, b: unknown): boolean {
  return JSON.stringify(toCanonical(a)) === JSON.stringify(toCanonical(b));
}
