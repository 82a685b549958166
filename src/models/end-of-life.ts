import type { CatalogueModel } from "./catalogue-model.ts";

/** So long before a model's end the plan begins to say so: a job may wait a week, and a project lasts longer. */
const noticeDays = 90;
const dayMs = 24 * 60 * 60_000;

/** Where a model is in its life. */
export type Lifetime =
  | { readonly state: "alive" }
  | { readonly state: "ending"; readonly warning: string }
  | { readonly state: "ended"; readonly reason: string };

/** Where a model is in its life on a day. Its last day ends where UTC's begins, which no region outlives. */
export function findLifetime(model: CatalogueModel, nowMs: number): Lifetime {
  const { endOfLife, isRetiring, legacyOn, successor, label } = model;
  const instead = successor === undefined ? "" : `; its successor here is ${successor}`;
  if (endOfLife !== undefined) {
    const endMs = Date.parse(`${endOfLife}T00:00:00Z`);
    if (nowMs >= endMs) return { state: "ended", reason: `it reached the end of its life on ${endOfLife}` };
    const days = Math.ceil((endMs - nowMs) / dayMs);
    if (days <= noticeDays) {
      return { state: "ending", warning: `${label} ends on ${endOfLife}, in ${days} days${instead}.` };
    }
  }
  if (legacyOn !== undefined) {
    return {
      state: "ending",
      warning: `${label} is a legacy model, as the region's list said on ${legacyOn}${instead}.`,
    };
  }
  if (isRetiring === true) {
    return {
      state: "ending",
      warning: `${label} has left AWS's page of model lifecycles and may be refused${instead}.`,
    };
  }
  return { state: "alive" };
}
