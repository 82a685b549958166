import { HalfpriceError } from "../errors.ts";
import { findNearest } from "../nearest-name.ts";
import type { ModelChoice, ModelPrices, TokenPrice } from "../types.ts";
import { type CatalogueModel, catalogue, type ProfilePrefix } from "./catalogue.ts";
import { families, findFamilyOf } from "./families/index.ts";

export interface ModelRequest {
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model: string;
  readonly region: string;
  /** For models that the catalogue does not know. */
  readonly family?: string;
  /** Prices that win over the catalogue's. */
  readonly batchPrice?: TokenPrice;
}

const prefixes: readonly ProfilePrefix[] = ["us", "eu", "apac", "au", "jp", "in", "global"];

/** The geography of a region, as inference profiles divide the world. `unconfirmed` for regions outside us, eu and ap. */
function findGeography(region: string): ProfilePrefix | undefined {
  if (/^(us|ca)-/.test(region)) return "us";
  if (region.startsWith("eu-")) return "eu";
  if (/^ap-northeast-[13]$/.test(region)) return "jp";
  if (/^ap-southeast-[24]$/.test(region)) return "au";
  return region.startsWith("ap-") ? "apac" : undefined;
}

/** A vendor's name, a dot and more: an id. Aliases have their first dot, if any, in a version. */
const modelId = /^(?:us-gov\.)?[a-z0-9]+\.\S/;

interface Parsed {
  readonly baseId: string;
  readonly prefix: ProfilePrefix | undefined;
  /** As the user wrote it, when it is an ARN. */
  readonly arn: string | undefined;
}

function parseModel(model: string): Parsed {
  const arn = /^arn:aws[^:]*:bedrock:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(model);
  const id = arn?.[2] ?? model;
  // Other kinds of ARN (application profiles, custom models) do not say which base model is behind them.
  if (arn !== null && !/^(foundation-model|inference-profile)$/.test(arn[1] ?? "")) {
    return { baseId: model, prefix: undefined, arn: model };
  }
  const prefix = prefixes.find((each) => id.startsWith(`${each}.`));
  return {
    baseId: prefix === undefined ? id : id.slice(prefix.length + 1),
    prefix,
    arn: arn === null ? undefined : model,
  };
}

/**
 * Finds what a job in a region needs to be told for a model, and says why. Unknown ids and ARNs go on as they are.
 * @throws UNKNOWN_MODEL, UNKNOWN_FAMILY, NO_BATCH
 */
export function resolveModel({ model, region, family, batchPrice }: ModelRequest): ModelChoice {
  const alias = catalogue.find((each) => each.alias === model.toLowerCase());
  const parsed = alias === undefined ? parseModel(model) : { baseId: alias.id, prefix: undefined, arn: undefined };
  const known = alias ?? catalogue.find(({ id }) => id === parsed.baseId);
  if (known === undefined && parsed.arn === undefined && !modelId.test(model)) {
    throw new HalfpriceError("UNKNOWN_MODEL", {
      model,
      nearest: findNearest(
        model,
        catalogue.map((each) => each.alias),
      ),
    });
  }
  const familyName = family ?? known?.family ?? findFamilyOf(parsed.baseId)?.name;
  if (familyName === undefined || !families.has(familyName)) {
    throw new HalfpriceError("UNKNOWN_FAMILY", { model, families: [...families.keys()] });
  }
  if (known === undefined) {
    return {
      invokeId: model,
      baseId: parsed.baseId,
      label: parsed.arn === undefined ? parsed.baseId : (model.split("/").at(-1) ?? model),
      family: familyName,
      route: "given",
      reason: "not in the catalogue: sent as it was given",
      refuses: [],
      ...(batchPrice === undefined ? {} : { prices: givenPrices(batchPrice, undefined) }),
    };
  }
  return chooseRoute(known, parsed, region, familyName, batchPrice);
}

function chooseRoute(
  known: CatalogueModel,
  { prefix, arn }: Parsed,
  region: string,
  family: string,
  batchPrice: TokenPrice | undefined,
): ModelChoice {
  if (known.batch === "no") {
    const instead = catalogue.find((each) => each.batch === "yes" && each.family === known.family)?.alias;
    const reason = "Bedrock answers that batch inference is not supported for it";
    throw new HalfpriceError("NO_BATCH", { model: known.label, region, reason, instead });
  }
  const choice = { baseId: known.id, label: known.label, family, refuses: known.refuses ?? [] };
  const limit = known.maxOutputTokens === undefined ? {} : { maxOutputTokens: known.maxOutputTokens };
  const priced = (route: "geo" | "global"): { prices?: ModelPrices } => {
    const prices = findPrices(known, route, batchPrice);
    return prices === undefined ? {} : { prices };
  };
  if (arn !== undefined || prefix !== undefined) {
    const route = prefix === undefined ? "region" : prefix === "global" ? "global" : "geo";
    const prices = priced(route === "global" ? "global" : "geo");
    return {
      ...choice,
      ...limit,
      ...prices,
      invokeId: arn ?? `${prefix}.${known.id}`,
      route,
      reason: "as it was given",
    };
  }
  const geography = findGeography(region);
  const hasProfile = known.profileRegions.includes(region);
  const global = known.profiles.includes("global") && hasProfile ? `global.${known.id}` : undefined;
  if (geography !== undefined && hasProfile && known.profiles.includes(geography)) {
    return {
      ...choice,
      ...limit,
      ...priced("geo"),
      invokeId: `${geography}.${known.id}`,
      route: "geo",
      reason: `in ${region} it runs in batch through an inference profile; ${geography}. keeps the data in that geography`,
      ...(global === undefined ? {} : { global: { invokeId: global, ...priced("global") } }),
    };
  }
  if (known.regions.includes(region)) {
    const reason = `${region} has the model itself in batch`;
    return { ...choice, ...limit, ...priced("geo"), invokeId: known.id, route: "region", reason };
  }
  if (global !== undefined) {
    const reason = `${region} has no geographic profile of it, only the global one`;
    return { ...choice, ...limit, ...priced("global"), invokeId: global, route: "global", reason };
  }
  // Those of the same continent first: they are the likeliest to be allowed.
  const continent = region.split("-")[0] ?? "";
  const isNear = (each: string): number => (each.startsWith(`${continent}-`) ? 0 : each.startsWith("us-") ? 1 : 2);
  const regions = [...known.regions, ...known.profileRegions].sort((one, other) => isNear(one) - isNear(other));
  const reason = `it does in ${regions.slice(0, 4).join(", ")}${regions.length > 4 ? ` and ${regions.length - 4} more` : ""}`;
  throw new HalfpriceError("NO_BATCH", { model: known.label, region, reason });
}

function givenPrices(batch: TokenPrice, onDemand: TokenPrice | undefined): ModelPrices {
  return { batch, ...(onDemand === undefined ? {} : { onDemand }), asOf: "given", source: "--price" };
}

function findPrices(
  known: CatalogueModel,
  route: "geo" | "global",
  given: TokenPrice | undefined,
): ModelPrices | undefined {
  const prices = route === "global" ? known.globalPrices : known.geoPrices;
  if (given !== undefined) return givenPrices(given, prices?.onDemand);
  if (prices === undefined) return undefined;
  return { ...prices, asOf: known.pricesReadAt ?? "", source: "AWS price pages, us-east-1 and us-west-2" };
}
