import { defined } from "../foundation/defined.ts";
import type { Figure } from "../foundation/types/index.ts";
import { findLowestShare, testAbove } from "./binomial.ts";
import { makeShare } from "./figure.ts";
import { correctHolm } from "./holm.ts";
import { normalQuantile } from "./normal.ts";
import { findLowestDifference, type PairedCounts, testNotWorse } from "./paired-difference.ts";

/** Answers of one candidate to the sample. */
export interface CandidateAnswers {
  /** For each row that counts whether the answer is right; the rows are the same for all candidates, in the same order. */
  readonly right: readonly boolean[];
  /** What a million rows cost by its cheapest way; undefined where no price is known. */
  readonly usd: number | undefined;
  /** It is what the others are compared with, and no test of it is made. */
  readonly isReference?: boolean;
}

/** What a candidate has to show. */
export interface RecommendGoal {
  /** The share of right answers that is asked for; undefined where candidates are compared with the best alone. */
  readonly atLeast: number | undefined;
  /** How far below the best a candidate may be, on the same rows; undefined where it is not asked. */
  readonly within: number | undefined;
}

/** How a candidate stands. */
export interface CandidateVerdict {
  readonly accuracy: Figure;
  /** What is sure of its share, at the level that Holm's correction leaves it; undefined where no share is asked for. */
  readonly lowestShare?: number;
  /** What is sure of its distance from the best: negative where it may be below. */
  readonly lowestDifference?: number;
  readonly isGoodEnough: boolean;
}

/** What comes of a comparison. */
export interface Recommendation {
  readonly verdicts: readonly CandidateVerdict[];
  /** The cheapest candidate that is good enough; undefined where none is shown to be. */
  readonly chosen: number | undefined;
  /** Of the answers, the best. */
  readonly best: number;
  /** Rows at which nine of ten samples would show one; undefined where one is shown, and where no candidate is good enough by its own count. */
  readonly rowsNeeded?: number;
}

/** How often a candidate is taken that should not be, at most: all candidates together. */
export const level = 0.05;
/** How often a sample of the rows that are needed shows what is so. */
const power = 0.9;

/**
 * Recommends the cheapest candidate that is shown to be good enough. Each test is one-sided, and Holm's correction holds them together: whoever is
 * not good enough is recommended in 5 of 100 samples at most. Nothing is decided before all rows are counted.
 */
export function recommend(candidates: readonly CandidateAnswers[], { atLeast, within }: RecommendGoal): Recommendation {
  const counts = candidates.map(({ right }) => right.filter(Boolean).length);
  const rows = candidates[0]?.right.length ?? 0;
  const best = counts.reduce((top, count, index) => (count > (counts[top] ?? 0) ? index : top), 0);
  const tested = candidates.flatMap(({ isReference }, index) => (isReference === true ? [] : [index]));
  const bars =
    atLeast === undefined ? undefined : holdTogether(tested, (index) => testAbove(counts[index] ?? 0, rows, atLeast));
  const others = tested.filter((index) => index !== best);
  const paired = (index: number): PairedCounts => pair(candidates[index]?.right ?? [], candidates[best]?.right ?? []);
  const nears = within === undefined ? undefined : holdTogether(others, (index) => testNotWorse(paired(index), within));
  const verdicts = candidates.map(({ isReference }, index): CandidateVerdict => {
    const bar = bars?.get(index);
    const near = nears?.get(index);
    const passesBar = atLeast === undefined || isReference === true || bar?.holds === true;
    const passesNear = within === undefined || isReference === true || index === best || near?.holds === true;
    return {
      accuracy: makeShare(counts[index] ?? 0, rows),
      ...(bar === undefined ? {} : { lowestShare: findLowestShare(counts[index] ?? 0, rows, 1 - bar.level) }),
      ...(near === undefined ? {} : { lowestDifference: findLowestDifference(paired(index), 1 - near.level) }),
      isGoodEnough: rows > 0 && passesBar && passesNear,
    };
  });
  const [chosen] = verdicts
    .flatMap(({ isGoodEnough }, index) => (isGoodEnough && candidates[index]?.usd !== undefined ? [index] : []))
    .sort((one, other) => (candidates[one]?.usd ?? 0) - (candidates[other]?.usd ?? 0));
  const needed =
    chosen === undefined && atLeast !== undefined ? findRowsNeeded(counts, rows, atLeast, tested.length) : undefined;
  return { verdicts, chosen, best, ...defined({ rowsNeeded: needed }) };
}

function holdTogether(
  indexes: readonly number[],
  test: (index: number) => number,
): ReadonlyMap<number, { readonly holds: boolean; readonly level: number }> {
  const held = correctHolm(indexes.map(test), level);
  return new Map(indexes.map((index, at) => [index, held[at] ?? { holds: false, level }]));
}

function pair(first: readonly boolean[], second: readonly boolean[]): PairedCounts {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (const [at, right] of first.entries()) {
    if (right && second[at] === false) onlyFirst += 1;
    if (!right && second[at] === true) onlySecond += 1;
  }
  return { onlyFirst, onlySecond, rows: first.length };
}

/** Rows at which the candidate that is furthest above the bar would be shown to be, were it as good as this sample has it. */
function findRowsNeeded(counts: readonly number[], rows: number, atLeast: number, tests: number): number | undefined {
  const share = Math.max(...counts) / Math.max(1, rows);
  if (share <= atLeast) return undefined;
  const [wrong, right] = [normalQuantile(1 - level / tests), normalQuantile(power)];
  const spread = wrong * Math.sqrt(atLeast * (1 - atLeast)) + right * Math.sqrt(share * (1 - share));
  return Math.max(rows + 1, Math.ceil((spread / (share - atLeast)) ** 2));
}
