/**
 * Tokens of a text from its length: letters of ASCII by the model's own ratio, one of another alphabet about one.
 * A letter above ASCII has one byte (Latin, Cyrillic) to two bytes (CJK) more than a plain one, which tells how many
 * there are without reading the text. The plan shows an interval around it (`models/rules/token-rules.ts`).
 */
const tokensPerExtraByte = 0.6;

/**
 * The estimate as SQL, of a text's length.
 * @param bytes an expression of its bytes
 * @param letters an expression of its letters
 */
export function tokensSql(bytes: string, letters: string, lettersPerToken: number): string {
  const extra = `(${bytes} - ${letters})`;
  return `ceil(greatest(${letters} - ${extra} / 2, 0) / ${lettersPerToken} + ${extra} * ${tokensPerExtraByte})`;
}

/** The same in JavaScript, for one text. */
export function estimateTokens(text: string, lettersPerToken: number): number {
  return tokensOfLength(Buffer.byteLength(text), [...text].length, lettersPerToken);
}

/** The same of a text's bytes and letters. */
export function tokensOfLength(bytes: number, letters: number, lettersPerToken: number): number {
  const extra = bytes - letters;
  return Math.ceil(Math.max(letters - extra / 2, 0) / lettersPerToken + extra * tokensPerExtraByte);
}
