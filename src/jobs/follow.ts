import { HalfpriceError } from "../errors.ts";
import { advance, type PassResult } from "./advance.ts";
import type { JobRun, Outside } from "./job-run.ts";

export interface FollowOptions {
  /** Waits; rejects when the follower is to give up (Ctrl-C). */
  readonly sleep: (ms: number) => Promise<void>;
  readonly shortestPollMs: number;
  readonly longestPollMs: number;
  /** False once the run was stopped, from here or by another process: nothing new is started. */
  readonly mayStart: () => boolean;
  /** Called before every pass: this process still works on the run. */
  readonly onPass: () => void;
  /** Something went wrong that passes by itself. */
  readonly onTrouble: (error: HalfpriceError, retryInMs: number) => void;
}

/** Repeats the pass until every job has ended and its output is here. */
export async function follow(run: JobRun, outside: Outside, options: FollowOptions): Promise<PassResult> {
  const { sleep, shortestPollMs, longestPollMs, mayStart, onPass, onTrouble } = options;
  let pollMs = shortestPollMs;
  let isFirst = true;
  for (;;) {
    onPass();
    try {
      const result = await advance(run, outside, mayStart());
      if (result.pendingCount === 0) return result;
      isFirst = false;
      if (result.isAsking) continue;
      await sleep(pollMs);
      pollMs = Math.min(longestPollMs, pollMs * 1.5);
    } catch (error) {
      // The first pass finds out about wrong settings; later ones outlive a night's lost network.
      if (isFirst || !isPassing(error)) throw error;
      onTrouble(error, longestPollMs);
      await sleep(longestPollMs);
    }
  }
}

function isPassing(error: unknown): error is HalfpriceError {
  if (!(error instanceof HalfpriceError)) return false;
  if (error.code === "UNREACHABLE") return true;
  if (error.code !== "SERVICE_REFUSED") return false;
  const { status } = error.details as { status: number };
  return status === 429 || status >= 500;
}
