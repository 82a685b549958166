/** The runtime's metrics in `AWS/Bedrock`, by ModelId (sources#metrics, UG:monitoring-runtime-metrics). */
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import { countWritten } from "../models/cache-use.ts";
import type { Outcome } from "../models/invoke.ts";

export interface Invocation {
  readonly region: string;
  readonly modelId: string;
  readonly atMs: number;
}

const record = (
  metrics: MetricStore,
  { region, modelId, atMs }: Invocation,
  name: string,
  unit: string,
  value: number,
): void =>
  metrics.add(
    { region, namespace: "AWS/Bedrock", name, dimensions: [{ Name: "ModelId", Value: modelId }] },
    unit,
    atMs,
    value,
  );

/** An answered or a failed call. */
export function recordOutcome(metrics: MetricStore, invocation: Invocation, outcome: Outcome, latencyMs: number): void {
  record(metrics, invocation, "Invocations", "Count", 1);
  if (!outcome.ok) {
    record(
      metrics,
      invocation,
      outcome.status >= 500 ? "InvocationServerErrors" : "InvocationClientErrors",
      "Count",
      1,
    );
    return;
  }
  record(metrics, invocation, "InvocationLatency", "Milliseconds", latencyMs);
  record(metrics, invocation, "InputTokenCount", "Count", outcome.inputTokens);
  record(metrics, invocation, "OutputTokenCount", "Count", outcome.outputTokens);
  // That a call without a cache has no sample of these is unconfirmed.
  if (outcome.cached === undefined) return;
  record(metrics, invocation, "CacheReadInputTokenCount", "Count", outcome.cached.read);
  record(metrics, invocation, "CacheWriteInputTokenCount", "Count", countWritten(outcome.cached));
}

/** A call that was throttled: it counts as no invocation. */
export const recordThrottle = (metrics: MetricStore, invocation: Invocation): void =>
  record(metrics, invocation, "InvocationThrottles", "Count", 1);
