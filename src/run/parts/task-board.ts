import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import type { Plan } from "../../foundation/types/index.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { Session } from "../../workspace/session.ts";
import type { PartState } from "./part-states.ts";
import type { PartTask, PartWorkers } from "./part-tasks.ts";

/** Parts that fail until no further one is begun: what is wrong with all of them is wrong with the run. */
const mostFailures = 3;

/** On the local service a job takes seconds, and filling its slots gains nothing: few parts are on the disk at a time. */
const openOnLocal = 4;

/** What is handed out to the workers of a run, and what has come of it. */
export interface TaskBoard {
  /** With none, whatever is to be done is left to others, and waited for. */
  readonly workerCount: number;
  /** Hands out what is to be joined and prepared, as far as workers are free. Parts are not prepared much before they can be sent. */
  handOut(states: readonly PartState[], mayStart: boolean): void;
  /** Nothing is being done. */
  isIdle(): boolean;
  /** Resolves when a task has ended; never where none is being done. */
  nextEnd(): Promise<void>;
  /** What stands in the way of parts that could not be done. */
  failure(): HalfpriceError | undefined;
}

/** Opens the board of a run. */
export function openTaskBoard(workers: PartWorkers, session: Session, run: RunFile, plan: Plan): TaskBoard {
  const running = new Map<number, Promise<void>>();
  const failures = new Map<number, unknown>();
  const mostOpen = workers.count + (run.origin.kind === "local" ? openOnLocal : countFilled(plan));
  const begin = (task: PartTask): void => {
    const done = workers
      .run(task)
      .catch((error: unknown) => {
        // A part that waits again has been looked at too early: it is looked at again.
        if (!isError(error, "PART_WAITS")) failures.set(task.part, error);
      })
      .finally(() => running.delete(task.part));
    running.set(task.part, done);
  };
  return {
    workerCount: workers.count,
    handOut(states, mayStart) {
      session.onStep(sayStates(states));
      const isFree = ({ part }: PartState): boolean => !running.has(part) && !failures.has(part);
      const open = states.filter(({ step, part }) => (step !== "done" && step !== "prepare") || running.has(part));
      let openCount = open.length;
      // Joining comes first: it makes room on the disk.
      for (const state of states.filter(({ step }) => step === "join").filter(isFree)) {
        if (running.size >= workers.count) return;
        begin({ kind: "join", part: state.part });
      }
      if (!mayStart || failures.size >= mostFailures) return;
      for (const state of states.filter(({ step }) => step === "prepare").filter(isFree)) {
        if (running.size >= workers.count || openCount >= mostOpen) return;
        openCount += 1;
        begin({ kind: "prepare", part: state.part });
      }
    },
    isIdle: () => running.size === 0,
    nextEnd: () => (running.size === 0 ? new Promise(() => undefined) : Promise.race(running.values())),
    failure: () => toFailure(run.id, failures),
  };
}

/** How many parts it takes to fill all slots. */
function countFilled({ limits, parts }: Plan): number {
  const jobsOfPart = Math.max(1, (parts?.jobCount ?? 0) / Math.max(1, parts?.count ?? 1));
  return Math.max(1, Math.ceil(limits.maxJobsInFlight / jobsOfPart));
}

function sayStates(states: readonly PartState[]): string {
  const count = (step: PartState["step"]): number => states.filter((state) => state.step === step).length;
  return `${count("done")} of ${states.length} parts joined, ${count("wait") + count("submit")} under way, ${count("prepare")} to prepare`;
}

function toFailure(runId: string, failures: ReadonlyMap<number, unknown>): HalfpriceError | undefined {
  const [first] = failures;
  if (first === undefined) return undefined;
  const [part, error] = first;
  // What is no error of ours is a fault of ours: it is shown as it is.
  if (!isError(error)) throw error;
  if (failures.size === 1) return error;
  const reason = error.message;
  const details = { runId, part, count: failures.size, reason, fix: error.fix };
  return new HalfpriceError("PART_FAILED", details, { cause: error });
}
