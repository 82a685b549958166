import { parseRunOptions } from "../config/run-options.ts";
import { countVerdicts, judgeSystem, makeJudgeTask, type Verdicts } from "../eval/judge.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { beginBatch } from "../library/begin-batch.ts";
import { formatUsd } from "../report/format.ts";
import { readRequest } from "../run/plan/read-request.ts";
import { driveRun } from "../run/start-and-resume/drive-run.ts";
import { askOrRefuse } from "./ask.ts";
import type { CommandSession } from "./open-session.ts";
import { formatPlan } from "./print-plan.ts";

/** The options of `eval` that name a judge. */
export interface JudgeFlags {
  readonly judge: string;
  readonly judgeModel: string;
  readonly answer?: string | undefined;
  readonly against?: string | undefined;
  readonly maxCost?: string | undefined;
  readonly belowMinimum?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly local?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Asks a judge model about a run's answers, after its plan and price were shown and allowed; the judge is a run of its own. */
export async function judgeAnswers(
  { session, terminal, progress }: CommandSession,
  run: string,
  flags: JudgeFlags,
): Promise<Verdicts> {
  const { maxCost, belowMinimum } = flags;
  const options = parseRunOptions(
    { ...(maxCost === undefined ? {} : { maxCost }), ...(belowMinimum === undefined ? {} : { belowMinimum }) },
    "halfprice eval",
  );
  const task = await makeJudgeTask(session, run, flags.answer, flags.against, flags.judge);
  const show = flags.json === true ? terminal.note : terminal.print;
  try {
    const request = await readRequest(
      {
        first: task.table,
        prompt: task.prompt,
        system: judgeSystem,
        output: task.schema,
        model: flags.judgeModel,
        name: `judge-${task.runId}`,
      },
      options,
    );
    const { runId } = await beginBatch(session, request, {
      onPlan({ plan, run: planned, caps }) {
        progress.end();
        const shown = `answers of ${task.runId}${task.otherId === undefined ? "" : ` and ${task.otherId}, in both orders`}`;
        for (const line of formatPlan(plan, shown, planned.parameters.maxTokens, caps)) show(line);
        show("");
      },
      async confirm({ plan }) {
        progress.end();
        if (flags.yes === true || flags.local === true) return true;
        const price =
          plan.costUsd === undefined
            ? "a price that is not known"
            : `about ${formatUsd(plan.costUsd.expected)}, at most ${formatUsd(plan.costUsd.high)}`;
        await askOrRefuse(terminal, `Ask the judge for ${price}?`);
        return true;
      },
    });
    const { finished, pass } = await driveRun(session, runId, "follow");
    progress.end();
    if (finished === undefined) throw new HalfpriceError("STILL_RUNNING", { runId, waiting: pass.pendingCount });
    return await countVerdicts(session, task, runId);
  } finally {
    task.drop();
  }
}
