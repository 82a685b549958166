import type { ModelChoice, NewerModel } from "../foundation/types/index.ts";
import { applyReading } from "./apply-reading.ts";
import { listProfiles } from "./call-profiles.ts";
import { findModelOfAlias } from "./catalogue.ts";
import type { CatalogueModel } from "./catalogue-model.ts";
import { findLifetime } from "./end-of-life.ts";
import { findPrices } from "./find-prices.ts";
import { findThinkingRule } from "./rules/thinking-rules.ts";
import type { CatalogueView } from "./suggest-model.ts";

/** The newer model of the same class, where the region has it by a route like the older one's. */
export function findNewer(
  { newer }: CatalogueModel,
  route: ModelChoice["route"],
  { region, nowMs, reading, isGlobalAllowed }: CatalogueView & { readonly isGlobalAllowed?: boolean },
): NewerModel | undefined {
  if (newer === undefined) return undefined;
  const catalogued = findModelOfAlias(newer);
  if (catalogued === undefined) return undefined;
  const model = applyReading(catalogued, region, reading);
  if (findLifetime(model, nowMs).state === "ended") return undefined;
  const [nearest] = listProfiles(model, region);
  if (nearest === undefined || (nearest === "global" && route !== "global" && isGlobalAllowed !== true))
    return undefined;
  const prices = findPrices(model, nearest === "global" || route === "global" ? "global" : "geo");
  if (prices?.onDemand === undefined) return undefined;
  const { alias, label, id } = model;
  return {
    ...{ alias, label, price: prices.onDemand, source: `${prices.source}, ${prices.asOf}` },
    ...(model.reasons === true && findThinkingRule(id)?.canBeOff === true ? { canStopThinking: true as const } : {}),
  };
}
