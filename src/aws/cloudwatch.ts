import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** One number that CloudWatch has of a model, and the minute that it is of. */
export interface Measured {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What a model has to do in an account: of all of its batch jobs together. A metric that CloudWatch has nothing of is
 * undefined: it is no zero.
 */
export interface ModelLoad {
  /** What the metrics are kept under. */
  readonly modelId: string;
  readonly pendingRecords: Measured | undefined;
  /** Claude models only, as AWS says it. */
  readonly pendingTokens: Measured | undefined;
  readonly inputTokensPerMinute: Measured | undefined;
  readonly outputTokensPerMinute: Measured | undefined;
}

/**
 * Namespace, dimension and first two names: AWS's machine learning blog of 2025-09-18; the other two names are
 * `unconfirmed` (the blog lists the quantities). They are on no page of the user guide.
 */
const namespace = "AWS/Bedrock/Batch";
const metrics = {
  pendingRecords: "NumberOfRecordsPendingProcessing",
  pendingTokens: "NumberOfTokensPendingProcessing",
  inputTokensPerMinute: "NumberOfInputTokensProcessedPerMinute",
  outputTokensPerMinute: "NumberOfOutputTokensProcessedPerMinute",
} as const;

type MetricName = keyof typeof metrics;

/**
 * Reads the latest minute of each metric of a model. Whether a job through an inference profile counts under the profile or
 * under its model is `unconfirmed`, so both are looked for, and the first that has anything is taken.
 * @param modelIds in the order in which they are looked for
 * @param fromMs milliseconds since 1970
 * @param toMs the same; the local service's clock may be ahead of this one
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function readModelLoad(
  connection: Connection,
  modelIds: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<ModelLoad> {
  return calling("CloudWatch", "GetMetricData", async () => {
    // A view on the side: where CloudWatch cannot be reached nobody waits for it.
    const client = new sdk.cloudwatch.CloudWatchClient({
      ...makeClientOptions(connection),
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    });
    const names = Object.keys(metrics) as MetricName[];
    try {
      const { MetricDataResults: results = [] } = await client.send(
        new sdk.cloudwatch.GetMetricDataCommand({
          StartTime: new Date(fromMs),
          EndTime: new Date(toMs),
          ScanBy: "TimestampDescending",
          MetricDataQueries: modelIds.flatMap((modelId, index) =>
            names.map((name) => ({
              Id: `${name}_${index}`,
              MetricStat: {
                Metric: {
                  Namespace: namespace,
                  MetricName: metrics[name],
                  Dimensions: [{ Name: "ModelId", Value: modelId }],
                },
                Period: 60,
                Stat: "Maximum",
              },
            })),
          ),
        }),
      );
      const find = (id: string): Measured | undefined => {
        const found = results.find(({ Id }) => Id === id);
        const [value, at] = [found?.Values?.[0], found?.Timestamps?.[0]];
        return value === undefined || at === undefined ? undefined : { value, at: at.getTime() };
      };
      const loads = modelIds.map((modelId, index) => ({
        modelId,
        pendingRecords: find(`pendingRecords_${index}`),
        pendingTokens: find(`pendingTokens_${index}`),
        inputTokensPerMinute: find(`inputTokensPerMinute_${index}`),
        outputTokensPerMinute: find(`outputTokensPerMinute_${index}`),
      }));
      const nothing: ModelLoad = {
        modelId: modelIds[0] ?? "",
        pendingRecords: undefined,
        pendingTokens: undefined,
        inputTokensPerMinute: undefined,
        outputTokensPerMinute: undefined,
      };
      return loads.find((load) => names.some((name) => load[name] !== undefined)) ?? nothing;
    } finally {
      client.destroy();
    }
  });
}
