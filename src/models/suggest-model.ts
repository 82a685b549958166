import { findNearest } from "../foundation/nearest-name.ts";
import type { TokenPrice } from "../foundation/types/index.ts";
import { applyReading } from "./apply-reading.ts";
import { catalogue, findModelOfAlias } from "./catalogue.ts";
import type { CatalogueModel } from "./catalogue-model.ts";
import { findLifetime } from "./end-of-life.ts";
import { findPrices } from "./find-prices.ts";
import type { RegionReading } from "./region-reading.ts";

/** Where and when a model is asked for. */
export interface CatalogueView {
  readonly region: string;
  /** Now, in milliseconds. */
  readonly nowMs: number;
  /** What was read of the region, where it was. */
  readonly reading?: RegionReading | undefined;
}

/** A price for people: `$0.55 in / $2.75 out a million tokens`. */
export function sayPrice(price: TokenPrice | undefined): string | undefined {
  return price === undefined ? undefined : `$${price.inputUsd} in / $${price.outputUsd} out a million tokens`;
}

/** An alias with its price, so that nobody is sent to a dearer model unawares. */
export function sayWithPrice(alias: string, region: string, reading: RegionReading | undefined): string {
  const model = findModelOfAlias(alias);
  if (model === undefined) return alias;
  const prices = findPrices(applyReading(model, region, reading), "geo");
  const price = model.batch === "no" ? sayPrice(prices?.onDemand) : sayPrice(prices?.batch);
  if (price === undefined) return `${alias} (its price is not known)`;
  return `${alias} (${price} ${model.batch === "no" ? "on demand; it has no batch" : "in batch"})`;
}

/** Letters before the first version: `claude-haiku` of `claude-haiku-5.5`. */
const classOf = (alias: string): string => /^[a-z-]*[a-z]/.exec(alias.toLowerCase())?.[0] ?? alias;

/**
 * What was most likely meant by an unknown alias, with its price, and whichever of the same class is the cheapest beside it: which
 * of them the unknown one would have been, nobody knows.
 */
export function suggestModel(model: string, { region, nowMs, reading }: CatalogueView): string | undefined {
  const alive = catalogue.filter((each) => findLifetime(each, nowMs).state !== "ended");
  const nearest = findNearest(
    model,
    alive.map((each) => each.alias),
  );
  if (nearest === undefined) return undefined;
  const costOf = (each: CatalogueModel): number => {
    const prices = findPrices(applyReading(each, region, reading), "geo");
    const price = each.batch === "no" ? prices?.onDemand : prices?.batch;
    return price === undefined ? Infinity : price.inputUsd + price.outputUsd;
  };
  const kin = alive.filter((each) => classOf(each.alias) === classOf(nearest) && costOf(each) < Infinity);
  const [cheapest] = kin.sort((one, other) => costOf(one) - costOf(other));
  const beside =
    cheapest === undefined || cheapest.alias === nearest
      ? ""
      : `; the cheapest of its class is ${sayWithPrice(cheapest.alias, region, reading)}`;
  return `${sayWithPrice(nearest, region, reading)}${beside}`;
}
