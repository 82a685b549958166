/** What CloudWatch's operations work on. */
import { makeDefiner } from "../operation.ts";
import type { JsonKind } from "../wire/json-service.ts";
import type { World } from "../world.ts";
import type { MetricStore } from "./metric-store.ts";

export interface CloudWatchContext {
  readonly world: World;
  readonly metrics: MetricStore;
}

export type CloudWatchKind = JsonKind<CloudWatchContext, "action or target">;

export const defineOperation = makeDefiner<CloudWatchKind>();
