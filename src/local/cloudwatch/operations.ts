/** The operations of CloudWatch. */
import { listOperations } from "../operation.ts";
import type { CloudWatchKind } from "./operation.ts";
import { getMetricData } from "./operations/get-metric-data.ts";
import { getMetricStatistics } from "./operations/get-metric-statistics.ts";
import { listMetrics } from "./operations/list-metrics.ts";
import { putMetricData } from "./operations/put-metric-data.ts";

export const cloudWatchOperations = listOperations<CloudWatchKind>({
  service: "CloudWatch",
  signingName: "monitoring",
  protocol: "awsJson1.0 and query",
  operations: [listMetrics, getMetricData, getMetricStatistics, putMetricData],
  all: [],
});
