import type { Estimate, LanePlan, TokenPrice, Usage } from "./types/index.ts";

/** Prices are of so many tokens. */
const pricedTokens = 1_000_000;

/** What tokens cost, in US dollars. */
export function priceTokens({ inputUsd, outputUsd }: TokenPrice, { inputTokens, outputTokens }: Usage): number {
  return (inputTokens * inputUsd + outputTokens * outputUsd) / pricedTokens;
}

/** The same as SQL. @param extra a further expression, in dollars for a million tokens */
export function priceTokensSql(
  { inputUsd, outputUsd }: TokenPrice,
  input: string,
  output: string,
  extra?: string,
): string {
  const plain = `${input} * ${inputUsd} + ${output} * ${outputUsd}`;
  return `((${extra === undefined ? plain : `${plain} + ${extra}`}) / 1e6)`;
}

/** Adds what may not be known: the sum is not known either. */
export function addUsd(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

/** Two estimates together. */
export const addEstimates = (one: Estimate, other: Estimate): Estimate => ({
  low: one.low + other.low,
  expected: one.expected + other.expected,
  high: one.high + other.high,
});

/** Estimates together. @returns undefined where one is not known */
export function sumEstimates(parts: readonly (Estimate | undefined)[]): Estimate | undefined {
  return parts.reduce<Estimate | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : addEstimates(sum, part)),
    { low: 0, expected: 0, high: 0 },
  );
}

/** The most that some of a lane's records may cost: their share of the lane; 0 without a lane, undefined where its price is not known. */
export function highestShareUsd(
  lane: Pick<LanePlan, "usd" | "recordCount"> | undefined,
  recordCount: number,
): number | undefined {
  if (lane === undefined) return 0;
  return lane.usd === undefined ? undefined : (lane.usd.high * recordCount) / lane.recordCount;
}
