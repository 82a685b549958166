import { formatCount, formatDuration, formatTokens, formatUsd } from "../../foundation/format.ts";
import type { JobEvent, JobsEvent } from "../../index.ts";
import { colors } from "./colors.ts";
import { padText } from "./layout.ts";

/** Jobs that have a line each; more are summed up by state. */
const shownJobs = 10;

/** The whole run in a line or two, and a line for each job: no line wider than the terminal is. */
export function drawProgress(event: JobsEvent, columns: number): string[] {
  const { jobs, expectedInputTokens, expectedCostUsd, elapsedMs, leftMs } = event;
  const { processedCount: doneCount, recordCount: totalCount } = event;
  const ratio = totalCount === 0 ? 0 : doneCount / totalCount;
  const percent = `${sayPercent(doneCount, totalCount)} `;
  const records = ` ${formatCount(doneCount)} of ${formatCount(totalCount)} records`;
  const width = Math.min(48, Math.max(6, columns - percent.length - records.length));
  const about = [
    // The service counts tokens only when a job is over; until then their share is that of the records.
    ...(expectedInputTokens === undefined || expectedInputTokens === 0
      ? []
      : [`about ${formatTokens(expectedInputTokens * ratio)} of ${formatTokens(expectedInputTokens)} input tokens`]),
    ...(expectedCostUsd === undefined
      ? []
      : [`about ${formatUsd(expectedCostUsd * ratio)} of ${formatUsd(expectedCostUsd)} planned`]),
    `${formatDuration(elapsedMs)} taken`,
    sayLeft(leftMs),
  ];
  return [
    `${colors.bold(percent)}${drawBar(ratio, width)}${records}`,
    ...joinParts(about, columns).map((line) => colors.dim(line)),
    ...(jobs.length > shownJobs
      ? [colors.dim(`${formatCount(jobs.length)} jobs: ${sayStates(jobs)}`)]
      : jobs.map((job) => drawJob(job, jobs, columns))),
  ];
}

function drawJob(job: JobEvent, jobs: readonly JobEvent[], columns: number): string {
  const label = padText(`job ${job.index + 1}`, `job ${jobs.length}`.length);
  const state = padText(job.lane === "on_demand" ? "on demand" : job.state, 11);
  const isUploading = job.lane === "batch" && job.sentBytes > 0 && job.sentBytes < job.sizeBytes;
  const records = isUploading
    ? `${sayPercent(job.sentBytes, job.sizeBytes)} uploaded`
    : job.isCounted
      ? `${formatCount(job.processedCount)} of ${formatCount(job.recordCount)}`
      : `${formatCount(job.recordCount)} records`;
  const room = columns - label.length - state.length - records.length - 6;
  const ratio = isUploading ? job.sentBytes / job.sizeBytes : job.processedCount / Math.max(1, job.recordCount);
  const bar = room < 6 ? "" : `${drawBar(ratio, Math.min(24, room))}  `;
  return `${colors.dim(label)}  ${paint(state)}  ${bar}${records}`;
}

/** Parts in as few lines as they fit into. */
function joinParts(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + part.length <= columns) lines[lines.length - 1] = `${last} · ${part}`;
    else lines.push(part);
  }
  return lines;
}

/** The same in one line, for a log. */
export function sayProgress(event: JobsEvent): string {
  const { jobs, expectedCostUsd, elapsedMs, leftMs, processedCount: doneCount, recordCount: totalCount } = event;
  return [
    sayStates(jobs),
    `${sayPercent(doneCount, totalCount)} of ${formatCount(totalCount)} records`,
    ...(expectedCostUsd === undefined || totalCount === 0
      ? []
      : [`about ${formatUsd((expectedCostUsd * doneCount) / totalCount)} of ${formatUsd(expectedCostUsd)}`]),
    `${formatDuration(elapsedMs)} taken`,
    sayLeft(leftMs),
  ].join(" · ");
}

/** `2 Completed, 3 InProgress` */
function sayStates(jobs: readonly JobEvent[]): string {
  const counts = new Map<string, number>();
  for (const { state } of jobs) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => (jobs.length === 1 ? state : `${formatCount(count)} ${state}`)).join(", ");
}

/** Never 100 % before the end. */
const sayPercent = (done: number, total: number): string =>
  `${total === 0 ? 0 : done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100))} %`;

/** `12 min left`: to the minute, as nothing here is known to the second. */
export function sayLeft(leftMs: number | undefined): string {
  if (leftMs === undefined) return "time left unknown";
  if (leftMs === 0) return "nothing left to wait for";
  if (leftMs < 60_000) return "less than a minute left";
  const minutes = Math.round(leftMs / 60_000);
  return `${formatDuration((minutes > 180 ? Math.round(minutes / 10) * 10 : minutes) * 60_000)} left`;
}

function paint(state: string): string {
  if (/^(Completed|answered)/.test(state)) return colors.green(state);
  return /^(Failed|Expired|Stopp|Partially)/.test(state) ? colors.yellow(state) : colors.cyan(state);
}

function drawBar(ratio: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, ratio)) * width);
  return "█".repeat(full) + colors.dim("░".repeat(width - full));
}
