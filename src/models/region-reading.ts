import { isObject } from "./body-summary.ts";
import type { Prices } from "./catalogue-model.ts";

/** What an account said of the models of a region on a day. */
export interface RegionReading {
  /** `2026-11-21`. */
  readonly readAt: string;
  /** By the base model's id. Absent where the Price List could not be read. */
  readonly prices?: Readonly<Record<string, RoutePrices>>;
  /** Every model that the region listed, by its id. */
  readonly models: Readonly<Record<string, ModelStatus>>;
  /** Ids of AWS's own inference profiles. */
  readonly profiles: readonly string[];
}

/** Prices of one way to a model. */
export interface RoutePrices {
  readonly geo?: DatedPrices;
  readonly global?: DatedPrices;
}

/** Prices, and the day on which they were read. */
export interface DatedPrices extends Omit<Prices, "priced"> {
  /** The day since which the last of them holds, where the list says. */
  readonly effectiveOn?: string;
}

/** What a region says of a model's life. */
export interface ModelStatus {
  /** `ACTIVE` or `LEGACY`, as the service spells it. */
  readonly status: string;
  readonly endOfLife?: string;
}

/** A reading as a file has it, or undefined where it is none. */
export function parseRegionReading(value: unknown): RegionReading | undefined {
  if (!isObject(value)) return undefined;
  const { readAt, prices, models, profiles } = value as Partial<Record<keyof RegionReading, unknown>>;
  const isWhole =
    typeof readAt === "string" &&
    /^\d{4}-\d\d-\d\d$/.test(readAt) &&
    (prices === undefined || isObject(prices)) &&
    isObject(models) &&
    Array.isArray(profiles);
  return isWhole ? (value as unknown as RegionReading) : undefined;
}
