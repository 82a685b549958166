import { defined } from "../../foundation/defined.ts";
import { priceTokens } from "../../foundation/money.ts";
import type { ModelChoice, ModelPrices, TokenPrice, Usage } from "../../foundation/types/index.ts";
import type { PackedTokens } from "../../run/finish/estimate-packed-run.ts";
import type { RouteName } from "./types.ts";

const million = 1_000_000;

/** What a million rows cost by each way that there is. */
export interface PricedRoutes {
  readonly costs: Readonly<Partial<Record<RouteName, number>>>;
  /** Those whose tokens were estimated. */
  readonly estimated: readonly RouteName[];
  /** The cheapest way of those that were asked themselves, by the profile that they were asked by. */
  readonly cheapest: { readonly route: RouteName; readonly usd: number } | undefined;
}

/** Rows whose tokens were reported. */
export interface PricedSample {
  readonly usage: Usage;
  readonly rowCount: number;
  /** What would be left of them where rows share requests; undefined where they cannot. */
  readonly packed: PackedTokens | undefined;
}

/** Prices a million rows like those of a sample, from the tokens that those took. */
export function priceRoutes(model: ModelChoice, { usage, rowCount, packed }: PricedSample): PricedRoutes {
  const share = (price: TokenPrice | undefined, of: Usage | undefined = usage): number | undefined =>
    price === undefined || of === undefined || rowCount === 0
      ? undefined
      : (priceTokens(price, of) / rowCount) * million;
  const own = pricesOf(model.prices, model.noBatch === undefined);
  const global = pricesOf(model.global?.prices, model.noBatch === undefined);
  const shared: Usage | undefined = packed && {
    inputTokens: usage.inputTokens * packed.inputRatio,
    outputTokens: usage.outputTokens + rowCount * packed.outputTokensMore,
  };
  const inShared = (price: TokenPrice | undefined): number | undefined =>
    shared === undefined ? undefined : share(price, shared);
  const batch = share(own.batch);
  const onDemand = share(own.onDemand);
  const all: readonly (readonly [RouteName, number | undefined])[] = [
    ["batch", batch],
    ["onDemand", onDemand],
    ["globalBatch", share(global.batch)],
    ["globalOnDemand", share(global.onDemand)],
    ["packedBatch", inShared(own.batch)],
    ["packedOnDemand", inShared(own.onDemand)],
  ];
  const known = all.flatMap(([route, usd]) => (usd === undefined ? [] : [{ route, usd }]));
  const [cheapest] = known
    .filter(({ route }) => route === "batch" || route === "onDemand")
    .sort((one, other) => one.usd - other.usd);
  return {
    costs: Object.fromEntries(known.map(({ route, usd }) => [route, usd])),
    estimated: known.flatMap(({ route }) => (route.startsWith("packed") ? [route] : [])),
    cheapest,
  };
}

const pricesOf = (
  prices: ModelPrices | undefined,
  hasBatch: boolean,
): Partial<Pick<ModelPrices, "batch" | "onDemand">> => ({
  ...(hasBatch && prices?.batch !== undefined ? { batch: prices.batch } : {}),
  ...defined({ onDemand: prices?.onDemand }),
});
