import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { ModelChoice, TokenPrice } from "../foundation/types/index.ts";
import { isApplicationProfile, type ModelBehind, readModelBehind } from "./application-profile.ts";
import { applyReading } from "./apply-reading.ts";
import { canCall, listProfiles } from "./call-profiles.ts";
import { findModelOfAlias, findModelOfId } from "./catalogue.ts";
import { findAgeWarning } from "./catalogue-age.ts";
import type { CatalogueModel } from "./catalogue-model.ts";
import { findLifetime } from "./end-of-life.ts";
import { families, findFamilyOf } from "./families/index.ts";
import { findPrices, givenPrices } from "./find-prices.ts";
import { findNewer } from "./newer-model.ts";
import { breaksIdPattern, isModelId, type ParsedModel, parseModel, profilePrefixes } from "./parse-model.ts";
import type { RegionReading } from "./region-reading.ts";
import { isElsewhereOnly } from "./rules/other-endpoint.ts";
import { sayPrice, sayWithPrice, suggestModel } from "./suggest-model.ts";

/** A model as the user wrote it, and where it is to run. */
export interface ModelRequest {
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model: string;
  readonly region: string;
  /** Now, in milliseconds: models come to the end of their lives. */
  readonly nowMs: number;
  /** For models that the catalogue does not know. */
  readonly family?: string;
  /** Prices that win over the catalogue's. */
  readonly batchPrice?: TokenPrice;
  /** A model without batch is taken too: it is asked on demand. @defaultValue false */
  readonly isOnDemandAllowed?: boolean;
  /** Everything is asked on demand, whether the model has batch or not. @defaultValue false */
  readonly isOnDemandAsked?: boolean;
  /** Where nothing but the global profile is there, it is taken. One that is named is taken in any case. @defaultValue false */
  readonly isGlobalAllowed?: boolean;
  /** What was read of the region, where it was. */
  readonly reading?: RegionReading | undefined;
  /** The ARNs of the models behind an application inference profile, where the model is one and they could be read. */
  readonly behind?: readonly string[] | undefined;
}

/**
 * Finds what a job in a region needs to be told for a model, and says why. Unknown ids and ARNs go on as they are.
 * @throws UNKNOWN_MODEL, UNKNOWN_FAMILY, NO_BATCH, NO_PROFILE, GLOBAL_ONLY
 */
export function resolveModel(request: ModelRequest): ModelChoice {
  const { model, region, family, batchPrice } = request;
  const alias = findModelOfAlias(model);
  const named = parseModel(alias?.id ?? model);
  const behind = request.behind === undefined ? undefined : readModelBehind(request.behind);
  const parsed = behind === undefined ? named : { ...named, baseId: behind.baseId };
  const known = alias ?? findModelOfId(parsed.baseId);
  if (known === undefined && parsed.arn === undefined && !isModelId(model)) {
    throw new HalfpriceError("UNKNOWN_MODEL", { model, nearest: suggestModel(model, request) });
  }
  refuseKind(parsed, model, region);
  const familyName = family ?? known?.family ?? findFamilyOf(parsed.baseId)?.name;
  if (familyName === undefined || !families.has(familyName)) {
    const isUnread = isApplicationProfile(parsed) && behind === undefined;
    throw new HalfpriceError("UNKNOWN_FAMILY", { model, families: [...families.keys()], isUnread });
  }
  if (known !== undefined) return chooseRoute(known, parsed, behind, familyName, request);
  return {
    invokeId: model,
    baseId: parsed.baseId,
    label: parsed.arn === undefined ? parsed.baseId : (model.split("/").at(-1) ?? model),
    family: familyName,
    route: "given",
    reason: "not in the catalogue: sent as it was given",
    refuses: [],
    ...(batchPrice === undefined ? {} : { prices: givenPrices(batchPrice, undefined) }),
    ...(request.isOnDemandAsked === true ? onDemandAsked : {}),
  };
}

/** What everything on demand is told for: shown in the plan. */
const onDemandAsked = { noBatch: "--route on-demand", isOnDemandAsked: true } as const;

/** What the service refuses whatever the model: its page of batch inference, and its pattern of ids. */
function refuseKind(parsed: ParsedModel, model: string, region: string): void {
  const { arnKind, arn } = parsed;
  const home = isApplicationProfile(parsed) ? arn?.split(":")[3] : undefined;
  if (home !== undefined && home !== region) {
    const reason = `the application inference profile is of ${home}, and is known there only`;
    throw new HalfpriceError("NO_BATCH", { model, region, reason });
  }
  if (arnKind === "provisioned-model" || arnKind === "imported-model") {
    const reason = `batch inference takes no ${arnKind === "provisioned-model" ? "provisioned throughput" : "imported model"}`;
    throw new HalfpriceError("NO_BATCH", { model, region, reason });
  }
  if (isElsewhereOnly(parsed.baseId)) {
    const reason =
      "only the endpoint bedrock-mantle serves it, which has no batch inference, and which halfprice does not call";
    throw new HalfpriceError("NO_BATCH", { model, region, reason });
  }
  if (!breaksIdPattern(parsed)) return;
  const reason = "the service's pattern of model ids refuses so many dots; the inference profile's ARN passes it";
  throw new HalfpriceError("NO_BATCH", { model, region, reason });
}

/** How a model is called, and why so. */
interface Route {
  readonly invokeId: string;
  readonly route: ModelChoice["route"];
  readonly reason: string;
  /** What speaks against it. */
  readonly doubts?: readonly string[];
  /** The global profile could be taken as well. */
  readonly hasGlobal?: boolean;
}

function chooseRoute(
  catalogued: CatalogueModel,
  parsed: ParsedModel,
  behind: ModelBehind | undefined,
  family: string,
  request: ModelRequest,
): ModelChoice {
  const known = applyReading(catalogued, request.region, request.reading);
  refuseModel(known, parsed, request);
  const route = findNamedRoute(known, parsed, behind, request.region) ?? findRoute(known, request);
  const warnings = [...findModelWarnings(known, request), ...(route.doubts ?? [])];
  return makeChoice(known, family, route, warnings, request);
}

const sayNoBatch = ({ batch }: CatalogueModel): string | undefined =>
  batch === "no" ? "Bedrock answers that batch inference is not supported for it" : undefined;

/** @throws NO_BATCH for a model without batch inference, unless it may be asked on demand, and one that has ended */
function refuseModel(known: CatalogueModel, { arn }: ParsedModel, request: ModelRequest): void {
  const { region, reading } = request;
  const { label } = known;
  const instead = known.successor === undefined ? undefined : sayWithPrice(known.successor, region, reading);
  const reason = sayNoBatch(known);
  if (reason !== undefined && request.isOnDemandAllowed !== true && request.isOnDemandAsked !== true) {
    const onDemand = sayPrice(findPrices(known, "geo")?.onDemand) ?? "which is not known";
    throw new HalfpriceError("NO_BATCH", { model: label, region, reason, instead, onDemand });
  }
  const lifetime = findLifetime(known, request.nowMs);
  // An ARN is taken for what it says: who has one from AWS knows more than a list of October.
  if (lifetime.state === "ended" && arn === undefined)
    throw new HalfpriceError("NO_BATCH", { model: label, region, reason: lifetime.reason, instead, isEnded: true });
}

/** What there is to say of a model, however it is called. */
function findModelWarnings(known: CatalogueModel, { region, nowMs }: ModelRequest): string[] {
  const { label } = known;
  const lifetime = findLifetime(known, nowMs);
  const age = findAgeWarning(nowMs);
  const warnings: string[] = age === undefined ? [] : [age];
  if (lifetime.state === "ended") warnings.push(`${label}: ${lifetime.reason}.`);
  if (lifetime.state === "ending") warnings.push(lifetime.warning);
  if (known.absentOn !== undefined)
    warnings.push(`${region} did not list ${label} among its models on ${known.absentOn}.`);
  if (known.batch === "unlisted")
    warnings.push(
      `${label} is not in AWS's list of models for batch; whether a job of it is taken shows when it is made.`,
    );
  return warnings;
}

function makeChoice(
  known: CatalogueModel,
  family: string,
  { invokeId, route, reason, hasGlobal }: Route,
  warnings: readonly string[],
  request: ModelRequest,
): ModelChoice {
  const noBatch = sayNoBatch(known);
  const prices = findPrices(known, route === "global" ? "global" : "geo", request.batchPrice);
  const globalPrices = findPrices(known, "global", request.batchPrice);
  const beside = globalPrices === undefined ? {} : { prices: globalPrices };
  const newer = findNewer(known, route, request);
  return {
    invokeId,
    baseId: known.id,
    label: known.label,
    family,
    route,
    reason,
    refuses: known.refuses ?? [],
    ...(request.isOnDemandAsked === true ? onDemandAsked : {}),
    ...defined({
      noBatch,
      quotaLabel: known.quotaLabel,
      prices,
      contextTokens: known.contextTokens,
      maxOutputTokens: known.maxOutputTokens,
      reasons: known.reasons,
      newer,
      structured: known.structured,
    }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(hasGlobal === true ? { global: { invokeId: `global.${known.id}`, ...beside } } : {}),
  };
}

/** The profile or ARN that was named; undefined where none was. */
function findNamedRoute(
  known: CatalogueModel,
  parsed: ParsedModel,
  behind: ModelBehind | undefined,
  region: string,
): Route | undefined {
  const { prefix, arn } = parsed;
  if (arn !== undefined && behind !== undefined) {
    const { route, regionCount } = behind;
    const where = { region: `in ${region}`, geo: `in ${regionCount} regions`, global: "in any region of AWS" }[route];
    return { invokeId: arn, route, reason: `an application inference profile of ${known.id}, ${where}` };
  }
  if (arn === undefined && prefix === undefined) return undefined;
  const route = prefix === undefined ? "region" : prefix === "global" ? "global" : "geo";
  const doubts = findProfileDoubts(known, parsed, region);
  return { invokeId: arn ?? `${prefix}.${known.id}`, route, reason: "as it was given", doubts };
}

/** The way that a region has for a model: its geographic profile, the model itself, or the global profile. @throws GLOBAL_ONLY, NO_PROFILE, NO_BATCH */
function findRoute(known: CatalogueModel, { region, isGlobalAllowed = false }: ModelRequest): Route {
  const { id, label } = known;
  const hasBatch = known.batch === "yes";
  // Where a model without batch can be called, only its card says.
  const isListed = known.profileRegions.includes(region);
  const [geography] = listProfiles(known, region).filter((each) => each !== "global");
  const hasGlobal = canCall(known, "global", region);
  const mayUseProfile = isListed || !hasBatch;
  const isUnlisted = mayUseProfile && known.profilesUnlistedOn !== undefined && (geography !== undefined || hasGlobal);
  const unlisted = `${region} listed no inference profile of ${label} on ${known.profilesUnlistedOn}; AWS's card of it has one.`;
  const doubts = isUnlisted ? [unlisted] : [];
  if (mayUseProfile && geography !== undefined) {
    const how = sayNoBatch(known) === undefined ? "runs in batch" : "is asked";
    const reason = `in ${region} it ${how} through an inference profile; ${geography}. keeps the data in that geography`;
    return { invokeId: `${geography}.${id}`, route: "geo", reason, doubts, hasGlobal };
  }
  if (known.regions.includes(region)) {
    const reason = `${region} has the model itself${hasBatch ? " in batch" : ""}`;
    return { invokeId: id, route: "region", reason, doubts };
  }
  if (hasGlobal && mayUseProfile) {
    const invokeId = `global.${id}`;
    if (!isGlobalAllowed) throw new HalfpriceError("GLOBAL_ONLY", { model: label, region, invokeId });
    const reason = `${region} has no geographic profile of it, only the global one, which may send to any region of AWS`;
    return { invokeId, route: "global", reason, doubts };
  }
  if (!hasBatch && known.regions.length === 0 && Object.keys(known.profiles).length === 0)
    return { invokeId: id, route: "given", reason: "no region of it is known: sent by its own id", doubts };
  return refuseRegion(known, region, isListed);
}

/** @throws NO_PROFILE, NO_BATCH with the regions that have it */
function refuseRegion(known: CatalogueModel, region: string, isListed: boolean): never {
  const { id, label: model } = known;
  const hasBatch = known.batch === "yes";
  if (isListed || (!hasBatch && known.regions.length === 0)) {
    const sources = profilePrefixes.flatMap((prefix) => (prefix === "global" ? [] : (known.profiles[prefix] ?? [])));
    throw new HalfpriceError("NO_PROFILE", { model, region, id, isListed, others: sayRegions(sources, region) });
  }
  const others = sayRegions([...known.regions, ...known.profileRegions], region);
  const reason = hasBatch ? `it does in ${others}` : `its card has it in ${others} only`;
  throw new HalfpriceError("NO_BATCH", { model, region, reason });
}

/** What speaks against a profile that was named: the catalogue may be behind, so it is said and not refused. */
function findProfileDoubts(known: CatalogueModel, { prefix }: ParsedModel, region: string): string[] {
  if (prefix === undefined) {
    const isHere = known.regions.includes(region) || known.batch === "unlisted";
    const profile = known.profileRegions.includes(region) ? "; there it needs an inference profile" : "";
    return isHere ? [] : [`${known.label} itself is not known to run in batch in ${region}${profile}.`];
  }
  if (known.profiles[prefix] === undefined) {
    const has = profilePrefixes.filter((each) => known.profiles[each] !== undefined).map((each) => `${each}.`);
    const all = has.length === 0 ? "none" : has.join(", ");
    return [`${known.label} is not known to have the profile ${prefix}. (known: ${all}).`];
  }
  return canCall(known, prefix, region)
    ? []
    : [`${region} is not known to reach the profile ${prefix}. of ${known.label}.`];
}

/** Some of the regions, those of the same continent first: they are the likeliest to be allowed. */
function sayRegions(all: readonly string[], region: string): string {
  const continent = region.split("-")[0] ?? "";
  const isNear = (each: string): number => (each.startsWith(`${continent}-`) ? 0 : each.startsWith("us-") ? 1 : 2);
  const regions = [...new Set(all)].sort((one, other) => isNear(one) - isNear(other));
  return `${regions.slice(0, 4).join(", ")}${regions.length > 4 ? ` and ${regions.length - 4} more` : ""}`;
}
