import type { JobLoad } from "./job-run.ts";

/** How far a run was at a point in time. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly doneCount: number;
}

/** What the time left of a run is estimated from. */
export interface TimeLeftInput {
  readonly nowMs: number;
  readonly doneCount: number;
  readonly totalCount: number;
  /** Earlier looks at the same run, the oldest first. */
  readonly samples: readonly Sample[];
  /** When its first job was sent; undefined where none was. */
  readonly startedMs: number | undefined;
  /** Input tokens that are left, estimated. */
  readonly leftTokens: number | undefined;
  readonly load: JobLoad | undefined;
}

/** What was done longer ago says little about how fast it goes now. */
const recentMs = 15 * 60_000;

/**
 * How long a run will take yet, in milliseconds: from how fast its records were answered of late, else since its first job was sent; before
 * any was, from the tokens that the model has to do and does in a minute, as CloudWatch counts them.
 * @returns undefined until it can be told
 */
export function estimateTimeLeft(input: TimeLeftInput): number | undefined {
  const { nowMs, doneCount, totalCount, samples, startedMs } = input;
  if (doneCount >= totalCount) return 0;
  const recent = samples.find(({ atMs }) => nowMs - atMs <= recentMs);
  const since = recent !== undefined && recent.doneCount < doneCount ? recent : undefined;
  const ratePerMs =
    since === undefined
      ? startedMs === undefined || nowMs <= startedMs
        ? 0
        : doneCount / (nowMs - startedMs)
      : (doneCount - since.doneCount) / Math.max(1, nowMs - since.atMs);
  return ratePerMs > 0 ? (totalCount - doneCount) / ratePerMs : estimateByLoad(input);
}

/** The model does what waits in the account in some order: this run's tokens are done when all of them are, at the latest. */
function estimateByLoad({ leftTokens, load }: TimeLeftInput): number | undefined {
  const perMinute = load?.load?.inputTokensPerMinute?.value ?? 0;
  const waiting = Math.max(leftTokens ?? 0, load?.load?.pendingTokens?.value ?? 0);
  return perMinute > 0 && waiting > 0 ? (waiting / perMinute) * 60_000 : undefined;
}
