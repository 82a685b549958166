/** A time of day: `07:00`, `7:30`. */
const ofDay = /^([01]?\d|2[0-3]):([0-5]\d)$/;
/** ISO 8601 with a time; without a zone it is meant as this machine's. */
const ofDate = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A point in time in milliseconds since 1970: a time of day is the next such time in this machine's zone.
 * @param problems gets what is wrong with it
 */
export function parseDeadline(text: string | undefined, nowMs: number, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const [, hours, minutes] = ofDay.exec(text) ?? [];
  if (hours !== undefined) {
    const at = new Date(nowMs);
    at.setHours(Number(hours), Number(minutes), 0, 0);
    if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
    return at.getTime();
  }
  const atMs = ofDate.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (Number.isNaN(atMs)) {
    problems.push(
      `--deadline is ${JSON.stringify(text)}; it has to be a time of day such as 07:00, or a date with a time such as 2026-12-01T07:00 or 2026-12-01T07:00Z`,
    );
    return undefined;
  }
  if (atMs > nowMs) return atMs;
  problems.push(`--deadline is ${JSON.stringify(text)}, which is past: it is ${new Date(nowMs).toISOString()}`);
  return undefined;
}
