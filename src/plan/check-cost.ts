import { HalfpriceError } from "../foundation/errors/index.ts";

/** What was spent and may still be, before something new is begun. */
export interface Spending {
  /** Paid, from reported usage. */
  readonly spentUsd: number;
  /** The upper estimates of what is under way and not paid yet; undefined where one of them has no known price. */
  readonly reservedUsd: number | undefined;
  /** Models of what is under way at a price that is not known. */
  readonly unknownModels: readonly string[];
  /** Runs that have ended and whose price is not known: they count as nothing, which the plan says. */
  readonly unpricedCount: number;
}

/** A limit, and what counts against it. */
export interface CostCap {
  readonly option: "--max-cost" | "--max-cost-total";
  readonly maxUsd: number;
  readonly spending: Spending;
}

/**
 * A hard stop: what was spent, what is reserved for jobs in flight, and the upper end of the new estimate may not be more
 * than a limit.
 * @param upperUsd undefined where the price is not known
 * @throws MAX_COST, PRICE_UNKNOWN
 */
export function checkCost(model: string, upperUsd: number | undefined, caps: readonly CostCap[]): void {
  for (const { option, maxUsd, spending } of caps) {
    const { spentUsd, reservedUsd, unknownModels } = spending;
    if (upperUsd === undefined) throw new HalfpriceError("PRICE_UNKNOWN", { model, option });
    if (reservedUsd === undefined)
      throw new HalfpriceError("PRICE_UNKNOWN", { model: unknownModels.join(", "), option });
    if (spentUsd + reservedUsd + upperUsd > maxUsd) {
      throw new HalfpriceError("MAX_COST", { option, maxUsd, spentUsd, reservedUsd, upperUsd });
    }
  }
}
