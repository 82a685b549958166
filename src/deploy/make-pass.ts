import { isError } from "../foundation/errors/index.ts";
import { passRuns, type RunPass } from "../run/unattended/pass-runs.ts";
import type { Session } from "../workspace/session.ts";

/** Why a pass was made: an event of EventBridge, as far as it is said of it in the log. */
export interface PassCause {
  /** `Scheduled Event`, `Batch Inference Job State Change`, or what else called. */
  readonly kind: string;
  /** The job of an event; it may be a stranger's. */
  readonly jobArn?: string;
  readonly status?: string;
}

/** What a pass over a workspace came to. */
export interface PassSummary {
  readonly kind: "summary";
  readonly cause: PassCause;
  readonly runCount: number;
  /** Runs, by how they were left. */
  readonly states: Readonly<Record<string, number>>;
  readonly retriedCount: number;
  readonly movedCount: number;
  readonly problemCount: number;
  readonly durationMs: number;
}

/** How a pass is made. */
export interface PassOptions {
  readonly session: Session;
  /** No further work is begun after it, in the session's milliseconds since 1970. */
  readonly untilMs: number;
  /** Is given one object for each run, and a summary at last. */
  readonly log: (entry: object) => void;
}

/** A pass in which something went wrong that does not pass by itself. */
export class PassProblem extends Error {
  override readonly name = "PassProblem";
}

/**
 * Why an event has come. Every event only causes a pass: which job it is about, and what it says of it, the service is asked for anew, so that
 * events that are lost, late, doubled or of strangers' jobs make no difference.
 * @see sources#batch-events
 */
export function readCause(event: unknown): PassCause {
  const { "detail-type": kind, detail } = (typeof event === "object" && event !== null ? event : {}) as {
    readonly "detail-type"?: unknown;
    readonly detail?: { readonly batchJobArn?: unknown; readonly status?: unknown } | null;
  };
  const { batchJobArn: jobArn, status } = detail ?? {};
  return {
    kind: typeof kind === "string" ? kind : "called",
    ...(typeof jobArn === "string" ? { jobArn } : {}),
    ...(typeof status === "string" ? { status } : {}),
  };
}

/**
 * Makes a pass over the workspace of a session, and says what it came to.
 * @throws PassProblem, after every run has had its turn, where the pass could not be made or a run has a problem that does not pass by itself
 */
export async function makePass(event: unknown, { session, untilMs, log }: PassOptions): Promise<PassSummary> {
  const cause = readCause(event);
  const startedAt = session.nowMs();
  let passes: readonly RunPass[];
  try {
    passes = await passRuns(session, { untilMs });
  } catch (error) {
    const message = isError(error) ? `${error.code}: ${error.message}` : String(error);
    log({ kind: "failed", cause, message });
    throw new PassProblem(`no pass could be made: ${message}`, { cause: error });
  }
  for (const pass of passes) log({ kind: "run", ...pass });
  const problems = passes.filter(({ problem }) => problem !== undefined && !problem.isPassing);
  const states: Record<string, number> = {};
  for (const { state } of passes) states[state] = (states[state] ?? 0) + 1;
  const summary: PassSummary = {
    ...{ kind: "summary", cause, runCount: passes.length, states },
    retriedCount: passes.reduce((sum, { retriedCount }) => sum + retriedCount, 0),
    movedCount: passes.reduce((sum, { movedCount }) => sum + movedCount, 0),
    problemCount: problems.length,
    durationMs: session.nowMs() - startedAt,
  };
  log(summary);
  if (problems.length > 0)
    throw new PassProblem(problems.map(({ runId, problem }) => `run ${runId}: ${problem?.message}`).join("\n"));
  return summary;
}
