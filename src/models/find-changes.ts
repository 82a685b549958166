import type { ModelPrices, TokenPrice } from "../foundation/types/index.ts";
import { applyReading } from "./apply-reading.ts";
import { listProfiles } from "./call-profiles.ts";
import { catalogue } from "./catalogue.ts";
import { findLifetime } from "./end-of-life.ts";
import { findPrices } from "./find-prices.ts";
import type { RegionReading } from "./region-reading.ts";

/** What a reading changed in what is known of a model. */
export type ModelChange = PriceChange | LifeChange;

/** A price that was read and differs from the one known before. */
export interface PriceChange {
  readonly alias: string;
  readonly what: "batch price" | "on-demand price";
  readonly route: "geo" | "global";
  /** Undefined where none was known. */
  readonly before: TokenPrice | undefined;
  readonly after: TokenPrice | undefined;
}

/** A model whose life has changed since it was last read. */
export interface LifeChange {
  readonly alias: string;
  readonly what: "life" | "presence" | "profiles";
  readonly before: string;
  readonly after: string;
}

/** Every difference between what was known of a region's models before a reading and after it. */
export function findChanges(
  region: string,
  before: RegionReading | undefined,
  after: RegionReading,
  nowMs: number,
): ModelChange[] {
  return catalogue.flatMap((model): ModelChange[] => {
    const [was, is] = [applyReading(model, region, before), applyReading(model, region, after)];
    const { alias } = model;
    const changes: ModelChange[] = [];
    for (const route of ["geo", "global"] as const) {
      const [old, now] = [findPrices(was, route), findPrices(is, route)];
      for (const [what, pick] of kinds) {
        const [from, to] = [old && pick(old), now && pick(now)];
        if (from?.inputUsd === to?.inputUsd && from?.outputUsd === to?.outputUsd) continue;
        changes.push({ alias, what, route, before: from, after: to });
      }
    }
    const says = [
      ["life", findLifetime(was, nowMs).state, findLifetime(is, nowMs).state],
      [
        "presence",
        was.absentOn === undefined ? "there" : "not listed",
        is.absentOn === undefined ? "there" : "not listed",
      ],
      ["profiles", sayAll(listProfiles(was, region)), sayAll(listProfiles(is, region))],
    ] as const;
    for (const [what, from, to] of says) if (from !== to) changes.push({ alias, what, before: from, after: to });
    return changes;
  });
}

const kinds = [
  ["batch price", (prices: ModelPrices) => prices.batch],
  ["on-demand price", (prices: ModelPrices) => prices.onDemand],
] as const;

const sayAll = (names: readonly string[]): string => [...names].sort().join(", ") || "none";
