import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { ModelPrices } from "../foundation/types/index.ts";
import { applyReading } from "./apply-reading.ts";
import { catalogue } from "./catalogue.ts";
import {
  type BatchSupport,
  type CatalogueModel,
  catalogueReadAt,
  type ProfilePrefix,
  type ProfileSources,
  pricedRegions,
  type RefusedParameter,
} from "./catalogue-model.ts";
import { findLifetime } from "./end-of-life.ts";
import { families } from "./families/index.ts";
import { findPrices } from "./find-prices.ts";
import { profilePrefixes } from "./parse-model.ts";
import type { RegionReading } from "./region-reading.ts";
import { resolveModel } from "./resolve-model.ts";

/** A model as `halfprice models` shows it. */
export interface ListedModel {
  readonly alias: string;
  readonly label: string;
  readonly id: string;
  readonly family: string;
  readonly gives: "text" | "embedding";
  readonly batch: BatchSupport;
  /** Regions in which a job takes the bare id. */
  readonly regions: readonly string[];
  /** Regions from which a job takes an inference profile. */
  readonly profileRegions: readonly string[];
  readonly profiles: readonly ProfilePrefix[];
  /** For each profile the regions from which it can be called. */
  readonly profileSources: ProfileSources;
  readonly prices: ModelPrices | undefined;
  readonly globalPrices: ModelPrices | undefined;
  readonly contextTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly refuses: readonly RefusedParameter[];
  readonly endOfLife: string | undefined;
  readonly life: "alive" | "ending" | "ended";
  /** The day on which the catalogue was last compared with AWS's pages. */
  readonly comparedAt: string;
  /** Why not to begin with it now; undefined for a model in the middle of its life. */
  readonly notice: string | undefined;
  /** With a region: what a job there is told, and whether it can. */
  readonly invokeId?: string;
  readonly isHere?: boolean;
  /** Nothing but the global profile is there: a run says `--allow-global`. */
  readonly isGlobalOnly?: boolean;
}

/** Which models are listed. */
export interface ModelFilter {
  readonly region?: string | undefined;
  readonly family?: string | undefined;
  readonly nowMs: number;
  /** What was read of a region, where it was. */
  readonly findReading?: (region: string) => RegionReading | undefined;
}

/**
 * The catalogue, for one region and family or all. Without a region it has the prices of a region that the catalogue's
 * are for, and every region's models.
 * @throws BAD_OPTIONS for a family that there is not
 */
export function listModels({ region, family, nowMs, findReading = () => undefined }: ModelFilter): ListedModel[] {
  if (family !== undefined && !families.has(family)) {
    const problems = [`--family is ${JSON.stringify(family)}; the families are ${[...families.keys()].join(", ")}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice models" });
  }
  const place = region ?? pricedRegions.find((each) => findReading(each) !== undefined);
  const reading = place === undefined ? undefined : findReading(place);
  const apply = (model: CatalogueModel): CatalogueModel => {
    if (place === undefined) return model;
    const read = applyReading(model, place, reading);
    if (region !== undefined) return read;
    // Of one region's list of models nothing follows for the others.
    const { geoPrices, globalPrices } = read;
    return { ...model, ...(geoPrices && { geoPrices }), ...(globalPrices && { globalPrices }) };
  };
  return catalogue
    .filter((model) => family === undefined || model.family === family)
    .map(apply)
    .map((model) => ({
      alias: model.alias,
      label: model.label,
      id: model.id,
      family: model.family,
      gives: families.get(model.family)?.kind ?? "text",
      batch: model.batch,
      regions: model.regions,
      profileRegions: model.profileRegions,
      profiles: profilePrefixes.filter((prefix) => model.profiles[prefix] !== undefined),
      profileSources: model.profiles,
      prices: findPrices(model, "geo"),
      globalPrices: findPrices(model, "global"),
      contextTokens: model.contextTokens,
      maxOutputTokens: model.maxOutputTokens,
      refuses: model.refuses ?? [],
      endOfLife: model.endOfLife,
      life: findLifetime(model, nowMs).state,
      comparedAt: catalogueReadAt,
      notice: findNotice(model, nowMs),
      ...(region === undefined || model.batch === "no" ? {} : findHere(model.alias, region, nowMs, reading)),
    }));
}

function findNotice(model: CatalogueModel, nowMs: number): string | undefined {
  const lifetime = findLifetime(model, nowMs);
  if (lifetime.state === "alive") return undefined;
  return lifetime.state === "ended" ? `${model.label}: ${lifetime.reason}.` : lifetime.warning;
}

function findHere(
  alias: string,
  region: string,
  nowMs: number,
  reading: RegionReading | undefined,
): Pick<ListedModel, "invokeId" | "isHere" | "isGlobalOnly"> {
  const request = { model: alias, region, nowMs, reading };
  try {
    return { invokeId: resolveModel(request).invokeId, isHere: true };
  } catch (error) {
    if (!isError(error)) throw error;
    if (error.code === "NO_BATCH" || error.code === "NO_PROFILE") return { isHere: false };
    if (error.code !== "GLOBAL_ONLY") throw error;
    const { invokeId } = resolveModel({ ...request, isGlobalAllowed: true });
    return { invokeId, isHere: true, isGlobalOnly: true };
  }
}
