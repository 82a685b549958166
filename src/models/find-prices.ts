import { defined } from "../foundation/defined.ts";
import type { ModelPrices, TokenPrice } from "../foundation/types/index.ts";
import type { CatalogueModel } from "./catalogue-model.ts";
import { findCacheRule } from "./rules/cache-rates.ts";

/** Prices that were given with `--price`. */
export function givenPrices(batch: TokenPrice, onDemand: TokenPrice | undefined): ModelPrices {
  return { batch, ...defined({ onDemand }), asOf: "given", source: "--price" };
}

/** A model's prices on a route, with the day and the place of their reading; undefined where none is known. */
export function findPrices(
  { id, globalPrices, geoPrices, priced, batch, longPrompts }: CatalogueModel,
  route: "geo" | "global",
  given?: TokenPrice,
): ModelPrices | undefined {
  const prices = route === "global" ? globalPrices : geoPrices;
  const base = prices?.onDemand;
  const onDemand =
    base === undefined ? undefined : { ...base, ...cacheRates(id, base), ...(longPrompts && { longPrompts }) };
  if (given !== undefined) return givenPrices(given, onDemand);
  const { priced: readFrom = priced, onDemand: _, ...known } = prices ?? {};
  if (prices === undefined || readFrom === undefined) return undefined;
  // Batch is cheaper or costs the same: where only the on-demand price is known, what is paid is at most that.
  const atMost =
    known.batch === undefined && base !== undefined && batch !== "no"
      ? ({ batch: base, isBatchAtMost: true } as const)
      : {};
  return { ...known, ...atMost, ...(onDemand && { onDemand }), asOf: readFrom.readAt, source: readFrom.source };
}

/** Dollars have no more digits than this in any price list. */
const digits = 6;

/** What cached input tokens cost; nothing where the model is not known to cache. */
function cacheRates(id: string, { inputUsd }: TokenPrice): Pick<TokenPrice, "cacheReadUsd" | "cacheWriteUsd"> {
  const rule = findCacheRule(id);
  if (rule === undefined || rule.leastTokens === Infinity) return {};
  const rate = (ratio: number): number => Number((inputUsd * ratio).toFixed(digits));
  return { cacheReadUsd: rate(rule.read), cacheWriteUsd: rate(rule.write) };
}
