import { priceTokens, sumEstimates } from "../foundation/money.ts";
import type { Estimate, Lane, LanePlan, ModelChoice, Shard, TokenPrice } from "../foundation/types/index.ts";
import { leastBytesPerToken } from "../models/rules/token-rules.ts";

/** How long requests are, where the price of long ones is higher. */
export interface RequestLengths {
  readonly recordCount: number;
  /** Of the longest line of a job's input. */
  readonly longestBytes: number;
}

/** What tokens cost, from the least to the most. @param lengths where left out, no request is taken to be a long one */
export function estimateCost(price: TokenPrice, input: Estimate, output: Estimate, lengths?: RequestLengths): Estimate {
  const { fromTokens = Infinity, factor = 1 } = price.longPrompts ?? {};
  const { recordCount = 1, longestBytes = 0 } = lengths ?? {};
  const step = (tokens: number): number => (tokens > fromTokens ? factor : 1);
  const mean = (tokens: number): number => (lengths === undefined ? 0 : tokens / Math.max(1, recordCount));
  return {
    low: priceTokens(price, { inputTokens: input.low, outputTokens: output.low }) * step(mean(input.low)),
    expected:
      priceTokens(price, { inputTokens: input.expected, outputTokens: output.expected }) * step(mean(input.expected)),
    high:
      priceTokens(price, { inputTokens: input.high, outputTokens: output.high }) *
      step(Math.max(mean(input.high), Math.floor(longestBytes / leastBytesPerToken))),
  };
}

const scale = ({ low, expected, high }: Estimate, ratio: number): Estimate => ({
  low: low * ratio,
  expected: expected * ratio,
  high: high * ratio,
});

/** What goes which way. Input tokens go by bytes, output tokens by records. */
export function planLanes(
  shards: readonly Shard[],
  { prices }: Pick<ModelChoice, "prices">,
  inputTokens: Estimate,
  outputTokens: Estimate,
  longestBytes = 0,
): LanePlan[] {
  const sum = (own: readonly Shard[], name: "recordCount" | "sizeBytes"): number =>
    own.reduce((total, shard) => total + shard[name], 0);
  const lanes: readonly Lane[] = ["batch", "on_demand"];
  return lanes.flatMap((lane) => {
    const own = shards.filter((shard) => shard.lane === lane);
    const recordCount = sum(own, "recordCount");
    if (recordCount === 0) return [];
    const price = lane === "batch" ? prices?.batch : prices?.onDemand;
    const input = scale(inputTokens, sum(own, "sizeBytes") / Math.max(1, sum(shards, "sizeBytes")));
    const output = scale(outputTokens, recordCount / Math.max(1, sum(shards, "recordCount")));
    const usd = price === undefined ? {} : { usd: estimateCost(price, input, output, { recordCount, longestBytes }) };
    return [{ lane, shardCount: own.length, recordCount, ...usd }];
  });
}

/** @returns undefined where a lane's price is not known */
export const sumLanes = (lanes: readonly LanePlan[]): Estimate | undefined => sumEstimates(lanes.map(({ usd }) => usd));
