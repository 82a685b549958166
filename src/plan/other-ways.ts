import { priceTokens } from "../foundation/money.ts";
import type { Estimate, ModelPrices, NewerModel, OtherWay } from "../foundation/types/index.ts";
import { findCacheRule } from "../models/rules/cache-rates.ts";

/** A cached prefix is dropped after five minutes without a reader; a steady stream of requests writes it once in a while. */
const readsPerWrite = 100;

/** What is known of a plan when cheaper ways are looked for. */
export interface OtherWaysInput {
  readonly baseId: string;
  readonly prices: ModelPrices | undefined;
  readonly recordCount: number;
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
  /** What every request begins with: system prompt, schema, the prompt up to its first cell. */
  readonly prefixTokens: number;
  /** What the plan is expected to cost. */
  readonly planUsd: number | undefined;
  readonly newer?: NewerModel | undefined;
  /** The longest request of all, in tokens. */
  readonly longestTokens?: number;
}

/** Ways that are cheaper than the plan, so that what batch saves is not overstated. */
export function findOtherWays(input: OtherWaysInput): OtherWay[] {
  return [...findNewerModel(input), ...findCaching(input)].sort((one, other) => one.usd - other.usd);
}

/** A newer model on demand. Its thinking is switched off, as the older one does not think. */
function findNewerModel({
  newer,
  recordCount,
  inputTokens,
  outputTokens,
  planUsd,
  longestTokens = 0,
}: OtherWaysInput): OtherWay[] {
  if (newer === undefined || planUsd === undefined || recordCount === 0) return [];
  const { alias, label, price, canStopThinking, source } = newer;
  const { longPrompts } = price;
  const isLong = longPrompts !== undefined && longestTokens > longPrompts.fromTokens;
  const factor = isLong ? longPrompts.factor : 1;
  const usd = priceTokens(price, { inputTokens: inputTokens.expected, outputTokens: outputTokens.expected }) * factor;
  if (usd >= planUsd) return [];
  const command = `--model ${alias} --route on-demand${canStopThinking === true ? " --thinking off" : ""}`;
  const doubt = `its price is from ${source}: look it up before you rely on it`;
  return [{ way: `${label} on demand`, usd, command, doubt }];
}

function findCaching(input: OtherWaysInput): OtherWay[] {
  const { baseId, prices, recordCount, inputTokens, outputTokens, prefixTokens, planUsd } = input;
  const rule = findCacheRule(baseId);
  const price = prices?.onDemand;
  if (rule === undefined || price === undefined || planUsd === undefined || prefixTokens < rule.leastTokens) return [];
  const prefix = Math.min(prefixTokens * recordCount, inputTokens.expected);
  const writes = prefix / readsPerWrite;
  const inputUsd = inputTokens.expected - prefix + writes * rule.write + (prefix - writes) * rule.read;
  const usd = (inputUsd * price.inputUsd + outputTokens.expected * price.outputUsd) / 1e6;
  if (usd >= planUsd) return [];
  const way = `prompt caching on demand: every request begins with the same ${Math.round(prefixTokens).toLocaleString("en-US")} tokens, which are cheaper read from the cache than halved`;
  return [{ way, usd }];
}
