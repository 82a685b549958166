/**
 * Token counts, counted from the text. No tokenizer of these models is public, so this counts what they count roughly:
 * a short word is one token, a long one several, figures go by three, every other sign is one.
 */
import { cutText } from "./cut-text.ts";

const wordChars = 6;
const foreignWordChars = 3;
const digitsPerToken = 3;

// One class a code unit below 128: 0 space, 1 letter, 2 digit, 3 sign.
const classes = new Uint8Array(128).map((_, code) => {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return 1;
  if (code >= 48 && code <= 57) return 2;
  return code <= 32 ? 0 : 3;
});
const foreign = 4;

const kindOf = (code: number): number => {
  if (code < 128) return classes[code] ?? 3;
  // Ideographs, kana and Hangul are a token each, as is every sign.
  return code >= 0x2e80 && code <= 0xd7af ? 3 : foreign;
};

/** How many tokens a text has. 0 for the empty text. */
export function countTokens(text: string): number {
  let tokens = 0;
  const { length } = text;
  for (let index = 0; index < length; ) {
    const start = index;
    const kind = kindOf(text.charCodeAt(index++));
    if (kind === 0) continue;
    if (kind === 3) {
      tokens++;
      continue;
    }
    while (index < length && kindOf(text.charCodeAt(index)) === kind) index++;
    const chars = index - start;
    tokens +=
      chars <= 3 ? 1 : Math.ceil(chars / (kind === 1 ? wordChars : kind === 2 ? digitsPerToken : foreignWordChars));
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
