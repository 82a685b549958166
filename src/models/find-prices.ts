import type { ModelPrices, TokenPrice } from "../foundation/types/index.ts";
import type { CatalogueModel } from "./catalogue-model.ts";

/** Prices that were given with `--price`. */
export function givenPrices(batch: TokenPrice, onDemand: TokenPrice | undefined): ModelPrices {
  return { batch, ...(onDemand === undefined ? {} : { onDemand }), asOf: "given", source: "--price" };
}

/** A model's prices on a route, with the day and the place of their reading; undefined where none is known. */
export function findPrices(
  { globalPrices, geoPrices, priced }: CatalogueModel,
  route: "geo" | "global",
  given?: TokenPrice,
): ModelPrices | undefined {
  const prices = route === "global" ? globalPrices : geoPrices;
  if (given !== undefined) return givenPrices(given, prices?.onDemand);
  const { priced: readFrom = priced, ...known } = prices ?? {};
  if (prices === undefined || readFrom === undefined) return undefined;
  return { ...known, asOf: readFrom.readAt, source: readFrom.source };
}
