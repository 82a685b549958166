/** What CloudWatch's operations work on. */

import { makeDefiner } from "../wire/aws-json.ts";
import type { World } from "../world.ts";
import type { MetricStore } from "./metric-store.ts";

export interface CloudWatchContext {
  readonly world: World;
  readonly metrics: MetricStore;
}

export const defineCloudWatchOperation = makeDefiner<CloudWatchContext>();
