import { defined } from "../foundation/defined.ts";
import { replaceProfiles } from "./call-profiles.ts";
import { type CatalogueModel, catalogueReadAt, type Prices, pricedRegions } from "./catalogue-model.ts";
import { profilePrefixes } from "./parse-model.ts";
import type { DatedPrices, RegionReading } from "./region-reading.ts";

/** What a reading's prices are said to come from. */
export const priceListSource = "Price List API";

/**
 * A model as a region has it: of the catalogue and what was read, the newer. On the same day the account wins; of profiles
 * it wins on any day, as it can call none but its own. Whether a model runs in batch is in neither list of the account's,
 * so that stays the catalogue's.
 */
export function applyReading(
  model: CatalogueModel,
  region: string,
  reading: RegionReading | undefined,
): CatalogueModel {
  if (reading === undefined) return model;
  const priced = applyPrices(model, region, reading);
  const living = reading.readAt < catalogueReadAt ? priced : applyLifecycle(priced, region, reading);
  return applyProfiles(living, region, reading);
}

function applyPrices(model: CatalogueModel, region: string, { readAt, prices }: RegionReading): CatalogueModel {
  const read = prices?.[model.id];
  if (read === undefined) return model;
  // The catalogue has no prices of other regions, so any reading of theirs is newer.
  const hasOwn = pricedRegions.includes(region) && model.priced !== undefined;
  if (hasOwn && readAt < model.priced.readAt) return model;
  const { geoPrices: geo, globalPrices: global, ...rest } = model;
  const merge = (found: DatedPrices | undefined, before: Prices | undefined): Prices | undefined => {
    const kept = hasOwn ? before : undefined;
    if (found === undefined) return kept;
    // Batch is refused whatever the list says: a price of it does not prove it (sources#batch-models, 2026-11).
    const batch = model.batch === "no" ? undefined : (found.batch ?? kept?.batch);
    const onDemand = found.onDemand ?? kept?.onDemand;
    if (batch === undefined && onDemand === undefined) return kept;
    // Where the list lacks a price the catalogue's stays; then both are named, with the older day.
    const isMixed = batch !== found.batch || onDemand !== found.onDemand;
    const { readAt: keptAt = readAt, source: keptSource = "" } = model.priced ?? {};
    const priced =
      isMixed && kept !== undefined && model.batch !== "no"
        ? { readAt: keptAt, source: `${priceListSource}, ${readAt}; what it lacks: ${keptSource}` }
        : { readAt, source: priceListSource };
    return { ...defined({ batch, onDemand }), priced };
  };
  const geoPrices = merge(read.geo, geo);
  const globalPrices = merge(read.global, global);
  return { ...rest, ...(geoPrices && { geoPrices }), ...(globalPrices && { globalPrices }) };
}

function applyLifecycle(model: CatalogueModel, region: string, { readAt, models }: RegionReading): CatalogueModel {
  const found = models[model.id];
  if (found === undefined) {
    const isExpected = model.regions.includes(region) || model.profileRegions.includes(region);
    // An empty list says nothing of any model.
    return isExpected && Object.keys(models).length > 0 ? { ...model, absentOn: readAt } : model;
  }
  const { isRetiring: _guess, endOfLife, ...rest } = model;
  if (found.status === "LEGACY") {
    const end = found.endOfLife ?? endOfLife;
    return { ...rest, legacyOn: readAt, ...defined({ endOfLife: end }) };
  }
  // A model that is active has not ended; a day to come still stands. What an active model's own end of life means
  // (a promise not to end before it, as AWS's page has it) is `unconfirmed`, so it is not taken for its end.
  const isRefuted = endOfLife !== undefined && endOfLife <= readAt;
  return { ...rest, ...(endOfLife === undefined || isRefuted ? {} : { endOfLife }) };
}

/**
 * The profiles that the region has of a model, where it has any. Of a model without one the catalogue's stay, and the plan
 * warns: whether a list can leave out profiles that can be called is `unconfirmed`.
 */
function applyProfiles(model: CatalogueModel, region: string, { readAt, profiles }: RegionReading): CatalogueModel {
  const here = profilePrefixes.filter((prefix) => profiles.includes(`${prefix}.${model.id}`));
  if (here.length > 0) return { ...model, profiles: replaceProfiles(model.profiles, region, here) };
  return profiles.length === 0 ? model : { ...model, profilesUnlistedOn: readAt };
}
