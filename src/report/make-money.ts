import { defined } from "../foundation/defined.ts";
import { addUsd, priceTokens } from "../foundation/money.ts";
import type {
  Estimate,
  ModelPrices,
  PaidKind,
  PaidPart,
  RunMoney,
  TokenPrice,
  Usage,
} from "../foundation/types/index.ts";

/** What some requests of a run used, as the service reported it. */
export interface UsedPart {
  readonly kind: PaidKind;
  readonly requestCount: number;
  readonly usage: Usage;
  /** False where not every answer came with its tokens, and no manifest counts them. */
  readonly isReported: boolean;
  /** Undefined where it is not known. */
  readonly price: TokenPrice | undefined;
  /** What it costs beside the plain price of its tokens: cached ones, long prompts; on demand only. */
  readonly extraUsd?: number;
  /** Of the output tokens, those of reasoning. */
  readonly reasoning?: { readonly tokens: number; readonly isEstimated: boolean };
}

/** What a run's money is counted from. */
export interface MoneyInput {
  readonly estimateUsd: Estimate | undefined;
  readonly used: readonly UsedPart[];
  readonly prices: ModelPrices | undefined;
  /** Rows whose request an earlier row had sent, and what they would have cost. */
  readonly once: { readonly rowCount: number; readonly usd: number | undefined };
  /** Requests that an earlier run had answered, and their tokens. */
  readonly earlier: { readonly requestCount: number; readonly usage: Usage };
}

const order: readonly PaidKind[] = ["batch", "on_demand", "retry", "canary"];

const addUsage = (one: Usage, other: Usage): Usage => ({
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
});

/** No tokens at all. */
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };

const named = <Name extends string>(name: Name, value: number | undefined): Partial<Record<Name, number>> =>
  value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, number>>);

/**
 * Counts a run's money: from the usage that the service reported, at the plan's prices. The three savings do not overlap:
 * what was sent is compared with the on-demand price; what was not sent, with what sending it would have cost.
 */
export function makeMoney({ estimateUsd, used, prices, once, earlier }: MoneyInput): RunMoney {
  const parts = order.flatMap((kind): PaidPart[] => {
    const own = used.filter((each) => each.kind === kind && each.requestCount > 0);
    if (own.length === 0) return [];
    const usd = own.reduce<number | undefined>(
      (sum, { usage, isReported, price, extraUsd = 0 }) =>
        addUsd(sum, price === undefined || !isReported ? undefined : priceTokens(price, usage) + extraUsd),
      0,
    );
    const requestCount = own.reduce((sum, each) => sum + each.requestCount, 0);
    const usage = own.reduce((sum, each) => addUsage(sum, each.usage), noUsage);
    return [{ kind, requestCount, usage, ...named("usd", usd) }];
  });
  const paidUsd = parts.reduce<number | undefined>((sum, { usd }) => addUsd(sum, usd), 0);
  const isReported = used.every((each) => each.isReported);
  const onDemandUsd =
    prices?.onDemand === undefined || !isReported
      ? undefined
      : priceTokens(
          prices.onDemand,
          parts.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
        ) + used.reduce((sum, { extraUsd = 0 }) => sum + extraUsd, 0);
  const price = prices?.batch ?? prices?.onDemand;
  const earlierUsd = price === undefined ? undefined : priceTokens(price, earlier.usage);
  return {
    ...defined({ estimateUsd }),
    parts,
    ...named("paidUsd", paidUsd),
    ...named("onDemandUsd", onDemandUsd),
    ...named("savedByBatchUsd", paidUsd === undefined || onDemandUsd === undefined ? undefined : onDemandUsd - paidUsd),
    onceCount: once.rowCount,
    ...named("savedByOnceUsd", once.rowCount === 0 ? 0 : once.usd),
    earlierCount: earlier.requestCount,
    ...named("savedByEarlierUsd", earlier.requestCount === 0 ? 0 : earlierUsd),
    ...(prices === undefined ? {} : { pricesAsOf: prices.asOf, pricesSource: prices.source }),
  };
}
