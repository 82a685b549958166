/** Data: how many tokens an image takes, by the beginning of the base model's id. */
import type { Estimate } from "../../foundation/types/index.ts";

const tokens = (low: number, expected: number, high: number): Estimate => ({ low, expected, high });

/**
 * Of one image of the usual size. Claude: width times height over 750, at most about 1,600 where it is scaled down
 * (https://platform.claude.com/docs/en/build-with-claude/vision, known, not read again); later ones take larger images, up to 4,784. The
 * others are rules of thumb: `unconfirmed`.
 */
const rules: readonly (readonly [start: string, tokens: Estimate])[] = [
  ["anthropic.claude-opus-5", tokens(100, 1600, 4784)],
  ["anthropic.claude-sonnet-5", tokens(100, 1600, 4784)],
  ["anthropic.claude-haiku-5", tokens(100, 1600, 4784)],
  ["anthropic.", tokens(100, 1600, 1600)],
  ["amazon.nova", tokens(200, 1300, 2600)],
  ["meta.llama4", tokens(150, 1500, 3000)],
];

const other = tokens(100, 1000, 3000);

/** Tokens of one image in a request of the model. */
export function findImageTokens(baseId: string): Estimate {
  return rules.find(([start]) => baseId.startsWith(start))?.[1] ?? other;
}
