import { defined } from "../foundation/defined.ts";
import type { TokenPrice } from "../foundation/types/index.ts";
import { findModelOfId } from "./catalogue.ts";
import { families } from "./families/index.ts";
import type { ListedPrice, UnmatchedRow } from "./price-list/price-list.ts";
import type { RoutePrices } from "./region-reading.ts";

/** Prices of tokens in and out, put together. @returns besides, the halves that lack their other half */
export function makeRoutePrices(prices: readonly ListedPrice[]): {
  readonly byModel: Readonly<Record<string, RoutePrices>>;
  readonly halves: readonly UnmatchedRow[];
} {
  const byModel: Record<string, RoutePrices> = {};
  const halves: UnmatchedRow[] = [];
  const groups = new Map<string, ListedPrice[]>();
  for (const price of prices) {
    const key = `${price.modelId} ${price.route} ${price.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), price]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { modelId, route, kind } = first;
    const pair = makePair(group, isEmbedding(modelId));
    if (pair === undefined) {
      halves.push({ usageType: `${kind} ${first.direction} tokens`, name: modelId, reason: "half" });
      continue;
    }
    const before = byModel[modelId]?.[route];
    const days = [before?.effectiveOn, ...group.map(({ effectiveOn }) => effectiveOn)].filter(
      (day) => day !== undefined,
    );
    const effectiveOn = days.sort().at(-1);
    const dated = { ...before, [kind]: pair, ...defined({ effectiveOn }) };
    byModel[modelId] = { ...byModel[modelId], [route]: dated };
  }
  return { byModel, halves };
}

/** A vector costs nothing but the text that it is made from. */
function makePair(group: readonly ListedPrice[], isFreeOutput: boolean): TokenPrice | undefined {
  const find = (direction: ListedPrice["direction"]): number | undefined =>
    group.find((each) => each.direction === direction)?.usd;
  const inputUsd = find("input");
  const outputUsd = find("output") ?? (isFreeOutput ? 0 : undefined);
  return inputUsd === undefined || outputUsd === undefined ? undefined : { inputUsd, outputUsd };
}

const isEmbedding = (modelId: string): boolean =>
  families.get(findModelOfId(modelId)?.family ?? "")?.kind === "embedding";
