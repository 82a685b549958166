import { HalfpriceError } from "../errors.ts";
import type { ModelPrices } from "../types.ts";
import { catalogue } from "./catalogue.ts";
import { resolveModel } from "./resolve-model.ts";

/** A model as `halfprice models` shows it. */
export interface ListedModel {
  readonly alias: string;
  readonly label: string;
  readonly id: string;
  readonly family: string;
  readonly batch: "yes" | "no" | "unlisted";
  /** Regions with batch, through a profile or without. */
  readonly regions: readonly string[];
  readonly prices: ModelPrices | undefined;
  readonly globalPrices: ModelPrices | undefined;
  /** With a region: what a job there is told, and whether it can. */
  readonly invokeId?: string;
  readonly isHere?: boolean;
}

/** The catalogue, for one region and family or all. @throws BAD_OPTIONS for a family that there is not */
export function listModels(region: string | undefined, family: string | undefined): ListedModel[] {
  const known = [...new Set(catalogue.map((model) => model.family))];
  if (family !== undefined && !known.includes(family)) {
    const problems = [`--family is ${JSON.stringify(family)}; the families are ${known.join(", ")}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice models" });
  }
  return catalogue
    .filter((model) => family === undefined || model.family === family)
    .map(
      ({
        alias,
        label,
        id,
        family: own,
        batch,
        regions,
        profileRegions,
        geoPrices,
        globalPrices,
        pricesReadAt = "",
      }) => {
        const dated = (prices: typeof geoPrices): ModelPrices | undefined =>
          prices === undefined ? undefined : { ...prices, asOf: pricesReadAt, source: "AWS price pages" };
        const all = [...new Set([...regions, ...profileRegions])].sort();
        const here = region === undefined || batch !== "yes" ? {} : findHere(alias, region);
        return {
          alias,
          label,
          id,
          family: own,
          batch,
          regions: all,
          prices: dated(geoPrices),
          globalPrices: dated(globalPrices),
          ...here,
        };
      },
    );
}

function findHere(alias: string, region: string): { invokeId?: string; isHere: boolean } {
  try {
    return { invokeId: resolveModel({ model: alias, region }).invokeId, isHere: true };
  } catch (error) {
    if (error instanceof HalfpriceError && error.code === "NO_BATCH") return { isHere: false };
    throw error;
  }
}
