import type { JobLimits } from "./types/index.ts";

/** A documented limit of the service. The account's own quota wins over it. */
export interface Limit {
  readonly value: number;
  readonly unit: "records" | "bytes" | "jobs" | "hours" | "characters" | "tokens";
  readonly source: string;
  /** The day on which it was read. */
  readonly readAt: string;
}

const quotasPage = "https://docs.aws.amazon.com/general/latest/gr/bedrock.html";
const jobApi = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html";
const gibibyte = 1024 ** 3;

/** Limits of batch inference, the same for nearly every model. */
export const limits = {
  minRecordsPerJob: { value: 100, unit: "records", source: quotasPage, readAt: "2026-11-21" },
  maxRecordsPerJob: { value: 100_000, unit: "records", source: quotasPage, readAt: "2026-11-21" },
  maxRecordsPerFile: { value: 100_000, unit: "records", source: quotasPage, readAt: "2026-11-21" },
  maxFileSizeBytes: { value: gibibyte, unit: "bytes", source: quotasPage, readAt: "2026-11-21" },
  maxJobSizeBytes: { value: 5 * gibibyte, unit: "bytes", source: quotasPage, readAt: "2026-11-21" },
  maxJobsInFlight: { value: 100, unit: "jobs", source: quotasPage, readAt: "2026-11-21" },
  minTimeoutHours: { value: 24, unit: "hours", source: jobApi, readAt: "2026-11-21" },
  maxTimeoutHours: { value: 168, unit: "hours", source: jobApi, readAt: "2026-11-21" },
  maxJobNameLength: { value: 63, unit: "characters", source: jobApi, readAt: "2026-11-21" },
} as const satisfies Record<string, Limit>;

/** The documented limits of a job, for when the account's quotas cannot be read. */
export const defaultJobLimits: JobLimits = {
  minRecordsPerJob: limits.minRecordsPerJob.value,
  maxRecordsPerJob: limits.maxRecordsPerJob.value,
  maxRecordsPerFile: limits.maxRecordsPerFile.value,
  maxFileSizeBytes: limits.maxFileSizeBytes.value,
  maxJobSizeBytes: limits.maxJobSizeBytes.value,
  maxJobsInFlight: limits.maxJobsInFlight.value,
  source: `AWS documentation of ${limits.minRecordsPerJob.readAt}`,
};
