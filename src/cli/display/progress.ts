import type { JobProgress } from "../../jobs/job-run.ts";
import { estimateTimeLeft, type Sample } from "../../jobs/time-left.ts";
import { formatNumberOf } from "../../report/format.ts";
import { viewJobs } from "../../run/start-and-resume/job-view.ts";
import { formatLoad, hasReading } from "../format-load.ts";
import type { Terminal } from "../terminal.ts";
import { colors } from "./colors.ts";
import { countRecords, drawProgress, type RunProgress, sayProgress } from "./progress-block.ts";

/** Shows how far a run is: one live block on a terminal, now and then a line elsewhere. */
export interface ProgressView {
  readonly onStep: (step: string) => void;
  readonly onProgress: (progress: JobProgress) => void;
  readonly end: () => void;
}

/** Jobs whose ARN is said when they are sent; `show` has those of all. */
const announcedJobs = 10;
/** Looks that are kept for how fast it goes: one in this many milliseconds. */
const sampleEveryMs = 1000;
const keptSamples = 1000;

/** Shows on a terminal how far a run is. */
export function showProgress(terminal: Terminal, nowMs: () => number): ProgressView {
  const openedMs = nowMs();
  const announced = new Set<string>();
  const samples: Sample[] = [];
  const steps = new Set<string>();
  let isLoadSaid = false;
  const announce = ({ shards }: JobProgress): void => {
    for (const { index, attempt } of shards) {
      const { jobArn: arn, inputUri, outputUri } = attempt ?? {};
      if (arn === undefined || announced.has(arn)) continue;
      announced.add(arn);
      if (announced.size <= announcedJobs) {
        terminal.note(`${colors.dim(`job ${index + 1}`)}  ${arn}`);
        terminal.note(`       ${colors.dim(`from ${inputUri}`)}`);
        terminal.note(`       ${colors.dim(`to   ${outputUri}`)}`);
      }
      if (announced.size === announcedJobs + 1)
        terminal.note(
          `and ${formatNumberOf(shards.length - announcedJobs, "more job", "more jobs")}: halfprice show has them`,
        );
    }
  };
  return {
    onStep(step) {
      if (terminal.isInteractive) return terminal.live([`${colors.dim("…")} ${step}`]);
      // A log has each kind of step once; what counts up in it is no news.
      const kind = step.replace(/\d+/g, "#");
      if (!steps.has(kind)) terminal.note(`… ${step}`);
      steps.add(kind);
    },
    onProgress(progress) {
      announce(progress);
      const now = nowMs();
      const run = toRunProgress(progress, samples, openedMs, now);
      const { doneCount } = countRecords(run.view);
      const last = samples.at(-1);
      if (last === undefined || (now - last.atMs >= sampleEveryMs && doneCount !== last.doneCount)) {
        samples.push({ atMs: now, doneCount });
        if (samples.length > keptSamples) samples.shift();
      }
      if (terminal.isInteractive) {
        terminal.live((columns) => [...drawProgress(run, columns), ...aside(progress)]);
        return;
      }
      // In a log the first reading that says something is enough; `show` has the latest, and says what is absent.
      if (progress.load !== undefined && !isLoadSaid && hasReading(progress.load)) {
        terminal.note(formatLoad(progress.load));
        isLoadSaid = true;
      }
      terminal.live([`${progress.isFollower === true ? "(another process works on it) " : ""}${sayProgress(run)}`]);
    },
    end: () => terminal.endLive(false),
  };
}

/** @param openedMs from when on this process has looked, where no job was sent before */
export function toRunProgress(
  progress: JobProgress,
  samples: readonly Sample[],
  openedMs: number,
  nowMs: number,
): RunProgress {
  const view = viewJobs(progress);
  const { doneCount, totalCount } = countRecords(view);
  const sent = progress.shards.flatMap(({ attempt, askedAt }) => attempt?.submittedAt ?? askedAt ?? []);
  const startedMs = sent.length === 0 ? undefined : Math.min(...sent);
  const { expectedInputTokens, expectedCostUsd, load } = progress;
  const leftTokens =
    expectedInputTokens === undefined || totalCount === 0
      ? undefined
      : (expectedInputTokens * (totalCount - doneCount)) / totalCount;
  const leftMs = estimateTimeLeft({ nowMs, doneCount, totalCount, samples, startedMs, leftTokens, load });
  return { view, expectedCostUsd, elapsedMs: Math.max(0, nowMs - (startedMs ?? openedMs)), leftMs };
}

/** What is no job's own: who works on the run, and what the model has to do besides. */
function aside({ load, isFollower }: JobProgress): string[] {
  return [
    ...(load === undefined || !hasReading(load) ? [] : [colors.dim(formatLoad(load))]),
    ...(isFollower === true ? [colors.dim("another process works on this run; this one shows what it does")] : []),
  ];
}
