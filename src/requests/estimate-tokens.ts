/**
 * Tokens of a text from its length: a letter of ASCII is about a quarter of a token, one of another alphabet about one.
 * A letter above ASCII has one byte (Latin, Cyrillic) to two bytes (CJK) more than a plain one, which tells how many
 * there are without reading the text. The plan shows an interval around it.
 */
const asciiLettersPerToken = 3.8;
const tokensPerExtraByte = 0.6;

/** Tokens that a request has besides its texts: roles, separators. */
export const tokensPerRequest = 8;

/** How far the true count may be from the estimate: as a factor of it. `unconfirmed`; measured by `try` and by runs. */
export const inputTokenBand = { low: 0.7, high: 1.4 } as const;

/** The estimate as SQL, of expressions of a text's bytes and letters. */
export function tokensSql(bytes: string, letters: string): string {
  const extra = `(${bytes} - ${letters})`;
  return `ceil(greatest(${letters} - ${extra} / 2, 0) / ${asciiLettersPerToken} + ${extra} * ${tokensPerExtraByte})`;
}

/** The same in JavaScript, for one text. */
export function estimateTokens(text: string): number {
  const letters = [...text].length;
  const extra = Buffer.byteLength(text) - letters;
  return Math.ceil(Math.max(letters - extra / 2, 0) / asciiLettersPerToken + extra * tokensPerExtraByte);
}
