import { priceTokens } from "../foundation/money.ts";
import type { Usage } from "../foundation/types/index.ts";
import { findModelOfId } from "./catalogue.ts";
import { listModels } from "./list-models.ts";
import type { CatalogueView } from "./suggest-model.ts";

/** A model that is cheaper in batch; whether its answers are as good, nobody has measured. */
export interface CheaperModel {
  readonly alias: string;
  readonly label: string;
  readonly usd: number;
}

/** Makers are told by the beginning of a model's id: `anthropic` of `anthropic.claude-…`. */
const makerOf = (id: string): string => id.slice(0, id.indexOf("."));

/**
 * Models of the region that would take the same tokens for less in batch: the cheapest of the same maker, and the cheapest of all.
 * @param usage of what is to be sent; another model counts the same text by other tokens
 */
export function findCheaperModels(
  { region, nowMs, reading }: CatalogueView,
  baseId: string,
  usage: Usage,
  planUsd: number,
): CheaperModel[] {
  const own = findModelOfId(baseId);
  const found = listModels({ region, nowMs, findReading: () => reading })
    .filter(({ gives, life, isHere, id }) => gives === "text" && life === "alive" && isHere === true && id !== own?.id)
    .flatMap(({ alias, label, id, prices }) =>
      prices?.batch === undefined ? [] : [{ alias, label, id, usd: priceTokens(prices.batch, usage) }],
    )
    .filter(({ usd }) => usd < planUsd)
    .sort((one, other) => one.usd - other.usd || (one.alias < other.alias ? -1 : 1));
  const kin = found.find(({ id }) => makerOf(id) === makerOf(baseId));
  return [...new Set([found[0], kin])].flatMap((model) =>
    model === undefined ? [] : [{ alias: model.alias, label: model.label, usd: model.usd }],
  );
}
