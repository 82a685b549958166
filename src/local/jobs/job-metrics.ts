/**
 * What running jobs report in `AWS/Bedrock/Batch`, by ModelId: per model, not per job (sources#metrics). The token metrics say
 * how much there was in a minute, the pending ones how much there is.
 */
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Job } from "./job.ts";

export interface JobMeter {
  /** Books what a job has done since the last call. */
  note(job: Job, nowMs: number): void;
}

/** @param pending the records that running jobs of the model still have before them */
export function makeJobMeter(metrics: MetricStore, pending: (job: Job) => number): JobMeter {
  const booked = new Map<string, { input: number; output: number }>();
  return {
    note(job, nowMs) {
      const before = booked.get(job.id) ?? { input: 0, output: 0 };
      const { inputTokens, outputTokens } = job.counts;
      const dimensions = [{ Name: "ModelId", Value: job.modelId }];
      const key = (name: string) => ({ region: job.region, namespace: "AWS/Bedrock/Batch", name, dimensions });
      const input = Math.max(0, inputTokens - before.input);
      const output = Math.max(0, outputTokens - before.output);
      metrics.accumulate(key("NumberOfInputTokensProcessedPerMinute"), "Count", nowMs, input);
      metrics.accumulate(key("NumberOfOutputTokensProcessedPerMinute"), "Count", nowMs, output);
      metrics.gauge(key("NumberOfRecordsPendingProcessing"), "Count", nowMs, pending(job));
      booked.set(job.id, { input: inputTokens, output: outputTokens });
    },
  };
}
