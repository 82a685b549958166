import type { JobProgress } from "../jobs/job-run.ts";
import { formatBytes, formatCount, formatDuration, formatTokens } from "../report/format.ts";
import type { JobView } from "../run/start-and-resume/job-view.ts";
import { viewJobs } from "../run/start-and-resume/job-view.ts";
import { formatLoad, hasReading } from "./format-load.ts";
import { colors, type Terminal } from "./terminal.ts";

/** Shows how far a run is: one live block on a terminal, a line for each change elsewhere. */
export interface ProgressView {
  readonly onStep: (step: string) => void;
  readonly onProgress: (progress: JobProgress) => void;
  readonly end: () => void;
}

/** Jobs that a block shows one by one; more are summed up by state. */
const shownJobs = 8;

export function showProgress(terminal: Terminal, nowMs: () => number): ProgressView {
  const startedMs = nowMs();
  const announced = new Set<string>();
  let last = "";
  let isLoadSaid = false;
  const announce = (view: JobView): void => {
    for (const { index, arn, inputUri, outputUri } of view.jobs) {
      if (arn === undefined || announced.has(arn)) continue;
      announced.add(arn);
      terminal.note(`${colors.dim(`job ${index + 1}`)}  ${arn}`);
      terminal.note(`       ${colors.dim(`from ${inputUri}`)}`);
      terminal.note(`       ${colors.dim(`to   ${outputUri}`)}`);
    }
  };
  return {
    onStep: (step) => terminal.live([`${colors.dim("…")} ${step}`]),
    onProgress(progress) {
      const view = viewJobs(progress);
      announce(view);
      if (terminal.isInteractive) {
        terminal.live([...blockOf(view, nowMs() - startedMs), ...aside(progress)]);
        return;
      }
      // In a log the first reading that says something is enough; `show` has the latest, and says what is absent.
      if (progress.load !== undefined && !isLoadSaid && hasReading(progress.load)) {
        terminal.note(formatLoad(progress.load));
        isLoadSaid = true;
      }
      // Without a terminal a line says what has changed, and not each byte of it.
      const line = `${progress.isFollower === true ? "(another process works on it) " : ""}${stateLine(view.jobs)}`;
      if (line !== last) terminal.live([line]);
      last = line;
    },
    end: () => terminal.endLive(false),
  };
}

function blockOf({ jobs, expectedInputTokens }: JobView, elapsedMs: number): string[] {
  const lines = jobs.slice(0, shownJobs).map((job) => {
    const bytes =
      job.lane === "on_demand"
        ? "on demand"
        : job.sentBytes < job.sizeBytes
          ? `${formatBytes(job.sentBytes)} of ${formatBytes(job.sizeBytes)} up`
          : `${formatBytes(job.sizeBytes)} up`;
    const done =
      job.doneCount === undefined
        ? `${formatCount(job.recordCount)} records`
        : `${formatCount(job.doneCount)} of ${formatCount(job.recordCount)} records`;
    return `${colors.dim(`job ${job.index + 1}`)}  ${paint(job.state.padEnd(11))}  ${bar(job.doneCount ?? 0, job.recordCount)}  ${done}, ${bytes}`;
  });
  if (jobs.length > shownJobs)
    lines.push(colors.dim(`and ${jobs.length - shownJobs} more: ${stateLine(jobs.slice(shownJobs))}`));
  const total = expectedInputTokens ?? 0;
  // The service counts tokens only when a job is over; until then their share is that of the records.
  const tokens =
    total === 0 ? [] : [`about ${formatTokens(total * doneRatio(jobs))} of ${formatTokens(total)} input tokens`];
  return [...lines, colors.dim([...tokens, formatDuration(elapsedMs)].join(" · "))];
}

/** What is no job's own: who works on the run, and what the model has to do besides. */
function aside({ load, isFollower }: JobProgress): string[] {
  return [
    ...(load === undefined ? [] : [colors.dim(formatLoad(load))]),
    ...(isFollower === true ? [colors.dim("another process works on this run; this one shows what it does")] : []),
  ];
}

function doneRatio(jobs: JobView["jobs"]): number {
  const records = jobs.reduce((sum, { recordCount }) => sum + recordCount, 0);
  return records === 0 ? 0 : jobs.reduce((sum, { doneCount }) => sum + (doneCount ?? 0), 0) / records;
}

function stateLine(jobs: JobView["jobs"]): string {
  const counts = new Map<string, number>();
  for (const { state } of jobs) counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => (jobs.length === 1 ? state : `${count} ${state}`)).join(", ");
  const ratio = doneRatio(jobs);
  const records = jobs.reduce((sum, { recordCount }) => sum + recordCount, 0);
  // Tenths, so that a log has a handful of lines.
  return `${states}${ratio === 0 ? "" : ` · ${Math.floor(ratio * 10) * 10} % of ${formatCount(records)} records`}`;
}

function paint(state: string): string {
  if (/^(Completed|answered)/.test(state)) return colors.green(state);
  return /^(Failed|Expired|Stopp|Partially)/.test(state) ? colors.yellow(state) : colors.cyan(state);
}

function bar(done: number, total: number): string {
  const width = 24;
  const full = total === 0 ? 0 : Math.round((done / total) * width);
  return "█".repeat(full) + colors.dim("░".repeat(width - full));
}
