/** Finds the row of a gold table that a prompt asks about, by its text. */

/** Texts are found by their first letters, wherever they stand; shorter ones only where they are a line of their own. */
const headLetters = 12;

export type RowFinder = (prompt: string) => string | undefined;

/** @returns what finds the longest text of the table that stands in a prompt; the prompts of a job mostly differ by it alone */
export function makeRowFinder(texts: { has(text: string): boolean; keys(): Iterable<string> }): RowFinder {
  let before = "";
  let after = "";
  let heads: ReadonlyMap<string, readonly string[]> | undefined;

  const search = (prompt: string): string | undefined => {
    heads ??= groupByHead(texts.keys());
    let best = "";
    let bestAt = -1;
    for (let at = 0; at + headLetters <= prompt.length; at++) {
      for (const text of heads.get(prompt.slice(at, at + headLetters)) ?? []) {
        if (text.length < best.length || !prompt.startsWith(text, at)) continue;
        best = text;
        bestAt = at;
      }
    }
    if (bestAt < 0)
      return prompt
        .split("\n")
        .reverse()
        .find((line) => texts.has(line.trim()))
        ?.trim();
    before = prompt.slice(0, bestAt);
    after = prompt.slice(bestAt + best.length);
    return best;
  };

  return (prompt) => {
    if (prompt.length >= before.length + after.length && prompt.startsWith(before) && prompt.endsWith(after)) {
      const text = prompt.slice(before.length, prompt.length - after.length);
      if (texts.has(text)) return text;
    }
    return search(prompt);
  };
}

function groupByHead(texts: Iterable<string>): Map<string, string[]> {
  const heads = new Map<string, string[]>();
  for (const text of texts) {
    if (text.length < headLetters) continue;
    const head = text.slice(0, headLetters);
    const known = heads.get(head);
    if (known === undefined) heads.set(head, [text]);
    else known.push(text);
  }
  return heads;
}
