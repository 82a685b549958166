/**
 * Token counts, counted from the text. No tokenizer of these models is public, so this counts what they count roughly:
 * a short word is one token, a long one several, figures and signs go by three, a single `_`, `-` or `'` belongs to the word
 * behind it.
 */
import { cutText } from "./answers/cut-text.ts";

// Kinds of signs: 0 space, 1 letter, 2 digit, 3 sign, 4 letter of another script, 5 ideograph, kana or Hangul.
const charsPerToken = [0, 6, 3, 3, 3, 1] as const;

/** The kind of every UTF-16 unit: every unit of every record is looked up, so there is no faster way that is not a table. */
const kinds = new Uint8Array(0x10000).map((_, code) => {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return 1;
  if (code >= 48 && code <= 57) return 2;
  if (code <= 32) return 0;
  return code < 128 ? 3 : code >= 0x2e80 && code <= 0xd7af ? 5 : 4;
});

const kindAt = (text: string, at: number): number => kinds[text.charCodeAt(at)] ?? 0;

/** Whether a single sign joins the word behind it: `card_arrival`, `it's`. */
function isJoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 95 || code === 45 || code === 39) && kindAt(text, at + 1) === 1;
}

/** How many tokens a text has. 0 for the empty text. */
export function countTokens(text: string): number {
  let tokens = 0;
  const { length } = text;
  for (let index = 0; index < length; ) {
    const start = index;
    const kind = kindAt(text, index++);
    if (kind === 0) continue;
    while (index < length && kindAt(text, index) === kind) index++;
    const chars = index - start;
    if (chars === 1) {
      if (kind !== 3 || !isJoint(text, start)) tokens++;
    } else tokens += Math.ceil(chars / (charsPerToken[kind] ?? 1));
  }
  return tokens;
}

/** The longest beginning of a text within a limit of tokens; never half of a surrogate pair. */
export function takeTokens(text: string, maxTokens: number): string {
  if (maxTokens <= 0) return "";
  if (countTokens(text) <= maxTokens) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (countTokens(text.slice(0, middle)) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  return cutText(text, low);
}
