import { type HalfpriceError, isError } from "../foundation/errors/index.ts";
import { readShards } from "../ledger/shards.ts";
import type { Clients, JobRun } from "./job-run.ts";
import { type PassResult, reconcile } from "./reconcile.ts";

/** How jobs are followed to their end. */
export interface FollowOptions {
  /** Waits; rejects when the follower is to give up (Ctrl-C). */
  readonly sleep: (ms: number) => Promise<void>;
  readonly shortestPollMs: number;
  readonly longestPollMs: number;
  /** False once the run was stopped, from here or by another process: nothing new is started. */
  readonly mayStart: () => boolean;
  /** Called before every pass: this process still works on the run. */
  readonly onPass: () => void | Promise<void>;
  /** Something went wrong that passes by itself, or when somebody renews the credentials. */
  readonly onTrouble: (error: HalfpriceError, retryInMs: number) => void;
  /** Called before it waits for jobs that are under way. */
  readonly onWait: () => Promise<void>;
  /** From here on the credentials are read anew. */
  readonly renew: () => Promise<void>;
}

/**
 * Repeats the pass until every job has ended and its output is here. Between two passes it waits a short while after
 * something has changed, and longer and longer while nothing does.
 */
export async function follow(run: JobRun, clients: Clients, options: FollowOptions): Promise<PassResult> {
  const { sleep, shortestPollMs, longestPollMs, mayStart, onPass, onTrouble, onWait, renew } = options;
  let pollMs = shortestPollMs;
  let before = "";
  for (;;) {
    await onPass();
    try {
      const result = await reconcile(run, clients, { mayStart: mayStart() });
      if (result.pendingCount === 0) return result;
      const now = result.shards.map(({ state, attempt }) => `${state} ${attempt?.status}`).join();
      pollMs = now === before ? Math.min(longestPollMs, pollMs * 1.5) : shortestPollMs;
      before = now;
      if (result.isAsking) continue;
      await onWait();
    } catch (error) {
      if (!isPassing(error) || (isSetting(error) && !hasBegun(run, clients))) throw error;
      if (isCredentials(error)) await renew();
      pollMs = longestPollMs;
      onTrouble(error, pollMs);
    }
    await sleep(pollMs);
  }
}

/** Whether somebody has to renew the credentials before anything goes on. */
export const isCredentials = (error: HalfpriceError): boolean =>
  error.code === "CREDENTIALS_REFUSED" || error.code === "NO_CREDENTIALS";

/** What outlives a night: a lost network, a service that has too much to do, credentials that have expired. */
export function isPassing(error: unknown): error is HalfpriceError {
  if (!isError(error)) return false;
  if (isCredentials(error) || error.code === "UNREACHABLE") return true;
  if (error.code !== "SERVICE_REFUSED") return false;
  const { status } = error.details;
  return status === 429 || status >= 500;
}

/** What cannot be told from a wrong setting: an endpoint that is not there. Credentials were good a moment ago. */
const isSetting = (error: HalfpriceError): boolean => error.code === "UNREACHABLE";

/** Whether the service has had anything to do with the run: then its settings are right. */
function hasBegun(run: JobRun, { ledger }: Clients): boolean {
  return readShards(ledger, run.runId).some(({ attempt }) => attempt?.jobArn !== undefined);
}
