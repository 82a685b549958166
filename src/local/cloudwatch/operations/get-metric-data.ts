/** GetMetricData: several series at once. */

import { toAll } from "../../operation.ts";
import { Refusal } from "../../wire/refusal.ts";
import { defineOperation } from "../operation.ts";
import { readPeriods, readStatistic } from "../read-series.ts";
import { dimensions, metricName, namespace, period, timestamp, unit } from "../shapes.ts";

export const getMetricData = defineOperation({
  name: "GetMetricData",
  wire: "action or target",
  input: {
    type: "structure",
    members: {
      MetricDataQueries: {
        required: true,
        shape: {
          type: "list",
          of: {
            type: "structure",
            members: {
              Id: { shape: { type: "string", min: 1, max: 255 }, required: true },
              MetricStat: {
                shape: {
                  type: "structure",
                  members: {
                    Metric: {
                      required: true,
                      shape: {
                        type: "structure",
                        members: {
                          Namespace: { shape: namespace },
                          MetricName: { shape: metricName },
                          Dimensions: { shape: dimensions },
                        },
                      },
                    },
                    Period: { shape: period, required: true },
                    Stat: { shape: { type: "string" }, required: true },
                    Unit: { shape: unit },
                  },
                },
              },
              Expression: { shape: { type: "string", min: 1, max: 2048 } },
              Label: { shape: { type: "string" } },
              ReturnData: { shape: { type: "boolean" } },
              Period: { shape: period },
              AccountId: { shape: { type: "string", min: 1, max: 255 } },
            },
          },
        },
      },
      StartTime: { shape: timestamp, required: true },
      EndTime: { shape: timestamp, required: true },
      NextToken: { shape: { type: "string" } },
      ScanBy: { shape: { type: "string", enum: ["TimestampDescending", "TimestampAscending"] } },
      MaxDatapoints: { shape: { type: "integer" } },
      LabelOptions: { shape: { type: "structure", members: { Timezone: { shape: { type: "string" } } } } },
    },
  },
  rights: toAll("cloudwatch:GetMetricData"),
  notes: {
    served: "series by MetricStat, newest first unless asked otherwise",
    notBuilt: "expressions; everything comes on one page",
    differs: "samples are kept by the minute: a shorter period is a minute",
  },
  act(given, { metrics }, { region }) {
    if (given.StartTime >= given.EndTime) {
      throw new Refusal(
        "InvalidParameterValueException",
        "The parameter StartTime must be less than the parameter EndTime.",
      );
    }
    const results = given.MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map((query) => {
      const stat = query.MetricStat;
      if (stat === undefined) {
        throw new Refusal(
          "InvalidParameterValueException",
          "The local service builds queries with a MetricStat, not expressions.",
        );
      }
      const key = {
        region,
        namespace: stat.Metric.Namespace ?? "",
        name: stat.Metric.MetricName ?? "",
        dimensions: stat.Metric.Dimensions ?? [],
      };
      const series = metrics.find(key);
      const wanted = stat.Unit === undefined || series?.unit === stat.Unit ? series : undefined;
      const periods = readPeriods(wanted, given.StartTime, given.EndTime, stat.Period);
      if (given.ScanBy !== "TimestampAscending") periods.reverse();
      return {
        Id: query.Id,
        Label: query.Label ?? key.name,
        Timestamps: periods.map(({ atMs }) => new Date(atMs)),
        Values: periods.map(({ set }) => readStatistic(stat.Stat, set)),
        StatusCode: "Complete",
      };
    });
    return { MetricDataResults: results, Messages: [] };
  },
});
