/** GetMetricStatistics: one series, period by period. */

import { Refusal } from "../../wire/refusal.ts";
import { defineOperation } from "../operation.ts";
import { readPeriods, readStatistic } from "../read-series.ts";
import { toNamespace } from "../rights.ts";
import { dimensions, metricName, namespace, period, statistics, timestamp, unit } from "../shapes.ts";

const mostPoints = 1440;

export const getMetricStatistics = defineOperation({
  name: "GetMetricStatistics",
  wire: "action or target",
  input: {
    type: "structure",
    members: {
      Namespace: { shape: namespace, required: true },
      MetricName: { shape: metricName, required: true },
      Dimensions: { shape: dimensions },
      StartTime: { shape: timestamp, required: true },
      EndTime: { shape: timestamp, required: true },
      Period: { shape: period, required: true },
      Statistics: { shape: { type: "list", min: 1, max: 5, of: { type: "string", enum: statistics } } },
      ExtendedStatistics: { shape: { type: "list", min: 1, max: 10, of: { type: "string" } } },
      Unit: { shape: unit },
    },
  },
  rights: toNamespace("cloudwatch:GetMetricStatistics"),
  notes: {
    served: "SampleCount, Average, Sum, Minimum and Maximum of one series",
    notBuilt: "ExtendedStatistics",
    differs: "samples are kept by the minute: a shorter period is a minute",
  },
  act(given, { metrics }, { region }) {
    const { StartTime, EndTime, Period, Statistics } = given;
    if (StartTime >= EndTime) {
      throw new Refusal(
        "InvalidParameterValueException",
        "The parameter StartTime must be less than the parameter EndTime.",
      );
    }
    if (Period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(Period)) {
      throw new Refusal(
        "InvalidParameterValueException",
        "The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.",
      );
    }
    if (Statistics === undefined) {
      const message = "The parameter Statistics is required: the local service builds no ExtendedStatistics.";
      throw new Refusal("MissingRequiredParameterException", message);
    }
    if ((EndTime - StartTime) / 1000 / Period > mostPoints) {
      const message = `You have requested up to ${Math.ceil((EndTime - StartTime) / 1000 / Period)} datapoints, which exceeds the limit of ${mostPoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`;
      throw new Refusal("InvalidParameterCombinationException", message);
    }
    const series = metrics.find({
      region,
      namespace: given.Namespace,
      name: given.MetricName,
      dimensions: given.Dimensions ?? [],
    });
    const wanted = given.Unit === undefined || series?.unit === given.Unit ? series : undefined;
    return {
      Label: given.MetricName,
      Datapoints: readPeriods(wanted, StartTime, EndTime, Period).map(({ atMs, set }) => ({
        Timestamp: new Date(atMs),
        ...Object.fromEntries(Statistics.map((name) => [name, readStatistic(name, set)])),
        Unit: wanted?.unit,
      })),
    };
  },
});
