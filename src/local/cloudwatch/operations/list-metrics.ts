/** ListMetrics: the series that have samples. */

import { Refusal } from "../../wire/refusal.ts";
import type { Series } from "../metric-store.ts";
import { defineOperation } from "../operation.ts";
import { toNamespace } from "../rights.ts";
import { metricName, namespace } from "../shapes.ts";

const pageSize = 500;
const recentMs = 3 * 3_600_000;

export const listMetrics = defineOperation({
  name: "ListMetrics",
  wire: "action or target",
  input: {
    type: "structure",
    members: {
      Namespace: { shape: namespace },
      MetricName: { shape: metricName },
      Dimensions: {
        shape: {
          type: "list",
          max: 10,
          of: {
            type: "structure",
            members: {
              Name: { shape: { type: "string", min: 1, max: 255 }, required: true },
              Value: { shape: { type: "string", min: 1, max: 1024 } },
            },
          },
        },
      },
      NextToken: { shape: { type: "string" } },
      RecentlyActive: { shape: { type: "string", enum: ["PT3H"] } },
      IncludeLinkedAccounts: { shape: { type: "boolean" } },
      OwningAccount: { shape: { type: "string", min: 1, max: 255 } },
    },
  },
  rights: toNamespace("cloudwatch:ListMetrics"),
  notes: {
    served: "what Bedrock has measured and PutMetricData was given, by namespace, name and dimensions; pages of 500",
    differs: "a metric is listed at once, and not forgotten after two weeks",
  },
  act(given, { metrics, world }, { region }) {
    const isRecent = ({ minutes }: Series): boolean =>
      given.RecentlyActive === undefined || [...minutes.keys()].some((atMs) => atMs > world.clock.nowMs() - recentMs);
    const found = metrics
      .list(region)
      .filter(
        (series) =>
          (given.Namespace === undefined || series.key.namespace === given.Namespace) &&
          (given.MetricName === undefined || series.key.name === given.MetricName) &&
          (given.Dimensions ?? []).every((wanted) =>
            series.key.dimensions.some(
              ({ Name, Value }) => Name === wanted.Name && (wanted.Value === undefined || Value === wanted.Value),
            ),
          ) &&
          isRecent(series),
      );
    const start = given.NextToken === undefined ? 0 : Number(given.NextToken);
    if (!Number.isInteger(start) || start < 0)
      throw new Refusal("InvalidParameterValueException", "NextToken is invalid.");
    return {
      Metrics: found
        .slice(start, start + pageSize)
        .map(({ key }) => ({ Namespace: key.namespace, MetricName: key.name, Dimensions: key.dimensions })),
      NextToken: start + pageSize < found.length ? `${start + pageSize}` : undefined,
    };
  },
});
