/** PutMetricData: samples of one's own. */

import { Refusal } from "../../wire/refusal.ts";
import type { StatisticSet } from "../metric-store.ts";
import { defineOperation } from "../operation.ts";
import { toNamespace } from "../rights.ts";
import { dimensions, metricName, namespace, timestamp, unit } from "../shapes.ts";

const number = { shape: { type: "number" } } as const;
const required = { shape: { type: "number" }, required: true } as const;

export const putMetricData = defineOperation({
  name: "PutMetricData",
  wire: "action or target",
  input: {
    type: "structure",
    members: {
      Namespace: { shape: namespace, required: true },
      MetricData: {
        shape: {
          type: "list",
          max: 1000,
          of: {
            type: "structure",
            members: {
              MetricName: { shape: metricName, required: true },
              Dimensions: { shape: dimensions },
              Timestamp: { shape: timestamp },
              Value: number,
              StatisticValues: {
                shape: {
                  type: "structure",
                  members: { SampleCount: required, Sum: required, Minimum: required, Maximum: required },
                },
              },
              Values: { shape: { type: "list", max: 150, of: { type: "number" } } },
              Counts: { shape: { type: "list", max: 150, of: { type: "number" } } },
              Unit: { shape: unit },
              StorageResolution: { shape: { type: "integer", min: 1 } },
            },
          },
        },
      },
      StrictEntityValidation: { shape: { type: "boolean" } },
    },
  },
  rights: toNamespace("cloudwatch:PutMetricData"),
  notes: {
    served: "single values, sets of statistics, values with counts",
    notBuilt: "EntityMetricData",
    differs: "samples are kept by the minute and in memory: a restart forgets them",
  },
  act(given, { metrics, world }, { region }) {
    for (const datum of given.MetricData ?? []) {
      const key = { region, namespace: given.Namespace, name: datum.MetricName, dimensions: datum.Dimensions ?? [] };
      for (const set of readSamples(datum))
        metrics.add(key, datum.Unit ?? "None", datum.Timestamp ?? world.clock.nowMs(), set);
    }
    return {};
  },
});

interface Datum {
  readonly MetricName: string;
  readonly Value?: number;
  readonly StatisticValues?: {
    readonly SampleCount: number;
    readonly Sum: number;
    readonly Minimum: number;
    readonly Maximum: number;
  };
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
}

function readSamples({ MetricName, Value, StatisticValues, Values, Counts }: Datum): StatisticSet[] {
  const given = [Value, StatisticValues, Values].filter((each) => each !== undefined).length;
  // Words unconfirmed.
  if (given === 0) {
    throw new Refusal(
      "MissingRequiredParameterException",
      `The datum ${MetricName} needs Value, Values or StatisticValues.`,
    );
  }
  if (given > 1) {
    throw new Refusal(
      "InvalidParameterCombinationException",
      `The datum ${MetricName} may have only one of Value, Values and StatisticValues.`,
    );
  }
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues;
    return [{ count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum }];
  }
  const values = Values ?? (Value === undefined ? [] : [Value]);
  if (Counts !== undefined && Counts.length !== values.length) {
    throw new Refusal("InvalidParameterValueException", `The datum ${MetricName} must have as many Counts as Values.`);
  }
  return values.map((value, index) => {
    const count = Counts?.[index] ?? 1;
    return { count, sum: value * count, minimum: value, maximum: value };
  });
}
