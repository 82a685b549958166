/** Data: how tokens are estimated from lengths, by who made the model. */
import type { Estimate } from "../../foundation/types/index.ts";

/**
 * Tokens of a request: a frame of its own (roles, separators, a system text that the service adds), and its texts by their
 * length. No tokenizer of these models is public in full, and reading every text for it would cost more than it tells: the
 * interval is as wide as what was seen.
 */
export interface TokenRule {
  /** Tokens that a request has besides its texts. */
  readonly frameTokens: Estimate;
  /** Letters of ASCII that make a token of prose. Letters of other alphabets count by their bytes, see `tokensSql`. */
  readonly lettersPerToken: number;
  /** How far a text's true count may be from the estimate, as factors: prose is near 1, JSON and figures near the upper end. */
  readonly textBand: { readonly low: number; readonly high: number };
  /** Reported counts were compared with it (`token-figures.ts`). */
  readonly isMeasured: boolean;
}

const textBand = { low: 0.7, high: 2 } as const;
const frame = (low: number, expected: number, high: number): Estimate => ({ low, expected, high });

/** By the beginning of the base model's id; the first that fits. */
const rules: readonly (readonly [start: string, rule: TokenRule])[] = [
  ["anthropic.", { frameTokens: frame(5, 8, 14), lettersPerToken: 3.7, textBand, isMeasured: true }],
  ["amazon.nova-2-multimodal", { frameTokens: frame(0, 1, 4), lettersPerToken: 4, textBand, isMeasured: false }],
  ["amazon.nova", { frameTokens: frame(0, 1, 20), lettersPerToken: 4.4, textBand, isMeasured: true }],
  ["amazon.titan", { frameTokens: frame(0, 1, 4), lettersPerToken: 4, textBand, isMeasured: false }],
  ["meta.", { frameTokens: frame(4, 16, 40), lettersPerToken: 4.3, textBand, isMeasured: true }],
  ["openai.gpt-oss", { frameTokens: frame(3, 68, 75), lettersPerToken: 4.2, textBand, isMeasured: true }],
  ["deepseek.", { frameTokens: frame(3, 6, 14), lettersPerToken: 4.3, textBand, isMeasured: true }],
  ["qwen.", { frameTokens: frame(4, 12, 16), lettersPerToken: 4.2, textBand, isMeasured: true }],
  ["mistral.", { frameTokens: frame(2, 4, 12), lettersPerToken: 4, textBand, isMeasured: true }],
  ["google.", { frameTokens: frame(4, 9, 14), lettersPerToken: 4.2, textBand, isMeasured: true }],
  ["minimax.", { frameTokens: frame(8, 22, 30), lettersPerToken: 4.4, textBand, isMeasured: true }],
  ["nvidia.", { frameTokens: frame(6, 15, 24), lettersPerToken: 4.3, textBand, isMeasured: true }],
  ["zai.", { frameTokens: frame(4, 9, 16), lettersPerToken: 4.3, textBand, isMeasured: true }],
];

/** For everything else, which nobody has measured. */
const unmeasured: TokenRule = {
  frameTokens: frame(0, 8, 75),
  lettersPerToken: 4,
  textBand: { low: 0.6, high: 2.4 },
  isMeasured: false,
};

/** The fewest bytes of a token, of any model: a line has at most half as many tokens as bytes. */
export const leastBytesPerToken = 2;

/** The rule by which a model's tokens are estimated. */
export function findTokenRule(baseId: string): TokenRule {
  return rules.find(([start]) => baseId.startsWith(start))?.[1] ?? unmeasured;
}

/** Input tokens of requests, as an interval. @param textTokens of all texts, by `lettersPerToken` */
export function estimateInput(
  { frameTokens, textBand: { low, high } }: Pick<TokenRule, "frameTokens" | "textBand">,
  recordCount: number,
  textTokens: number,
): Estimate {
  return {
    low: Math.floor(recordCount * frameTokens.low + textTokens * low),
    expected: Math.round(recordCount * frameTokens.expected + textTokens),
    high: Math.ceil(recordCount * frameTokens.high + textTokens * high),
  };
}
