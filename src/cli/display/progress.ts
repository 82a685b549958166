import { formatNumberOf } from "../../foundation/format.ts";
import type { JobsEvent } from "../../index.ts";
import { formatLoad, hasReading } from "../format-load.ts";
import type { Terminal } from "../terminal.ts";
import { colors } from "./colors.ts";
import { drawProgress, sayProgress } from "./progress-block.ts";

/** Shows how far a run is: one live block on a terminal, now and then a line elsewhere. */
export interface ProgressView {
  readonly onStep: (step: string) => void;
  readonly onProgress: (progress: JobsEvent) => void;
  readonly end: () => void;
}

/** Jobs whose ARN is said when they are sent; `show` has those of all. */
const announcedJobs = 10;
/** Shows on a terminal how far a run is. */
export function showProgress(terminal: Terminal): ProgressView {
  const announced = new Set<string>();
  const steps = new Set<string>();
  let isLoadSaid = false;
  const announce = ({ jobs }: JobsEvent): void => {
    for (const { index, arn, inputUri, outputUri } of jobs) {
      if (arn === undefined || announced.has(arn)) continue;
      announced.add(arn);
      if (announced.size <= announcedJobs) {
        terminal.note(`${colors.dim(`job ${index + 1}`)}  ${arn}`);
        terminal.note(`       ${colors.dim(`from ${inputUri}`)}`);
        terminal.note(`       ${colors.dim(`to   ${outputUri}`)}`);
      }
      if (announced.size === announcedJobs + 1)
        terminal.note(
          `and ${formatNumberOf(jobs.length - announcedJobs, "more job", "more jobs")}: halfprice show has them`,
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
      if (terminal.isInteractive) {
        terminal.live((columns) => [...drawProgress(progress, columns), ...aside(progress)]);
        return;
      }
      // In a log the first reading that says something is enough; `show` has the latest, and says what is absent.
      if (progress.load !== undefined && !isLoadSaid && hasReading(progress.load)) {
        terminal.note(formatLoad(progress.load));
        isLoadSaid = true;
      }
      terminal.live([`${progress.isFollower ? "(another process works on it) " : ""}${sayProgress(progress)}`]);
    },
    end: () => terminal.endLive(false),
  };
}

/** What is no job's own: who works on the run, and what the model has to do besides. */
function aside({ load, isFollower }: JobsEvent): string[] {
  return [
    ...(load === undefined || !hasReading(load) ? [] : [colors.dim(formatLoad(load))]),
    ...(isFollower ? [colors.dim("another process works on this run; this one shows what it does")] : []),
  ];
}
