/**
 * Token counts, counted from the text. No tokenizer of these models is public, so this counts what they count roughly:
 * a short word is one token, a long one several, figures and signs go by three, a single `_`, `-` or `'` belongs to the word
 * behind it.
 */
import { cutText } from "./cut-text.ts";

// Kinds of signs: 0 space, 1 letter, 2 digit, 3 sign, 4 letter of another script, 5 ideograph, kana or Hangul.
const charsPerToken = [0, 6, 3, 3, 3, 1] as const;

const asciiKinds = new Uint8Array(128).map((_, code) => {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return 1;
  if (code >= 48 && code <= 57) return 2;
  return code <= 32 ? 0 : 3;
});

const kindOf = (code: number): number =>
  code < 128 ? (asciiKinds[code] ?? 3) : code >= 0x2e80 && code <= 0xd7af ? 5 : 4;

/** Whether a single sign joins the word behind it: `card_arrival`, `it's`. */
function isJoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 95 || code === 45 || code === 39) && kindOf(text.charCodeAt(at + 1)) === 1;
}

/** How many tokens a text has. 0 for the empty text. */
export function countTokens(text: string): number {
  let tokens = 0;
  const { length } = text;
  for (let index = 0; index < length; ) {
    const start = index;
    const kind = kindOf(text.charCodeAt(index++));
    if (kind === 0) continue;
    while (index < length && kindOf(text.charCodeAt(index)) === kind) index++;
    const chars = index - start;
    if (kind === 3 && chars === 1 && isJoint(text, start)) continue;
    tokens += Math.ceil(chars / (charsPerToken[kind] ?? 1));
  }
  return tokens;
}

/** The longest beginning of a text that has at most so many tokens; never half of a surrogate pair. */
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
