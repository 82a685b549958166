import { countVerdicts, judgeSystem, makeJudgeTask, type Verdicts } from "../eval/judge.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { readRequest } from "../run/plan/read-request.ts";
import { driveRun } from "../run/start-and-resume/drive-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import type { BatchPlan } from "./batch-plan.ts";
import { beginRun, toBeginHooks } from "./begin-run.ts";
import { inLibrarySession } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";
import { toRunOptions } from "./to-run-options.ts";

export type { Verdicts };

/** Who judges the answers of a run, and by what. */
export interface JudgeOptions extends SessionOptions {
  /** What the judge goes by: a text file. */
  readonly rubric: string;
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model: string;
  /** The answer column; may be left out where there is one. */
  readonly answer?: string;
  /** Another run on the same rows: which of two answers is better, asked in both orders. */
  readonly against?: string;
  /** The highest cost of what the judge is asked, in US dollars. */
  readonly maxCostUsd?: number;
  readonly belowMinimum?: "on-demand" | "fail";
  /** Is told the plan, and whose answers are judged. */
  readonly onPlan?: (plan: BatchPlan, judged: JudgedRuns) => void;
  /** Asked before anything is sent; `false` leaves it unsent, and rejects with DECLINED. */
  readonly confirm?: (plan: BatchPlan) => boolean | Promise<boolean>;
}

/** Whose answers a judge is asked about. */
export interface JudgedRuns {
  readonly runId: string;
  readonly otherId?: string;
}

const names = ["rubric", "model", "answer", "against", "maxCostUsd", "belowMinimum", "onPlan", "confirm"];

/**
 * Asks a model whether each answer of a run meets a rubric, or which of two runs' answers is better. The judge is a run of its own.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, NO_SUCH_FILE, BAD_OPTIONS, DECLINED, and what running a batch throws
 */
export async function judgeRun(wanted: string, options: JudgeOptions): Promise<Verdicts> {
  refuseUnknownOptions(options, names, "judgeRun");
  const { rubric, model, answer, against, maxCostUsd, belowMinimum, onPlan, confirm } = options;
  const runOptions = toRunOptions(defined({ maxCostUsd, belowMinimum }), "judgeRun");
  return inLibrarySession(options, async (session) => {
    const task = await makeJudgeTask(session, wanted, answer, against, rubric);
    try {
      const { table: first, prompt, schema: output, runId: judged, otherId } = task;
      const words = { first, prompt, system: judgeSystem, output, model, name: `judge-${judged}` };
      const request = await readRequest(words, runOptions);
      const tell = onPlan && ((plan: BatchPlan) => onPlan(plan, { runId: judged, ...defined({ otherId }) }));
      const { runId } = await beginRun(session, request, toBeginHooks(request, defined({ confirm, onPlan: tell })));
      const { finished, pass } = await driveRun(session, runId, "follow");
      if (finished === undefined) throw new HalfpriceError("STILL_RUNNING", { runId, waiting: pass.pendingCount });
      return await countVerdicts(session, task, runId);
    } finally {
      task.drop();
    }
  });
}
