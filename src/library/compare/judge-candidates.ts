import { quoteText } from "../../engine/sql.ts";
import { type JudgeTask, judgeSystem, makeJudgeTask } from "../../eval/judge.ts";
import { parseRunOptions } from "../../foundation/options/run-options.ts";
import type { FinishedRun } from "../../run/finish/finish-run.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import { planRun } from "../../run/plan/plan-run.ts";
import { readRequest } from "../../run/plan/read-request.ts";
import { type Session, withEngine } from "../../workspace/session.ts";
import { runSamples } from "../sample-runs.ts";
import type { JudgedBy } from "./types.ts";

/** What a judge says of each row of a candidate: undefined where it gave no verdict on an answer that is there. */
export interface CandidateVerdicts {
  readonly met: readonly (boolean | undefined)[];
  readonly paidUsd: number | undefined;
}

/** Asks a judge about the answers of each candidate. */
export async function judgeCandidates(
  session: Session,
  finished: readonly FinishedRun[],
  { model, rubric }: Extract<JudgedBy, { kind: "judge" }>,
  answer: string | undefined,
): Promise<CandidateVerdicts[]> {
  const tasks: JudgeTask[] = [];
  try {
    for (const { run } of finished) tasks.push(await makeJudgeTask(session, run.id, answer, undefined, rubric));
    const samples = [];
    for (const task of tasks) {
      const request = await toRequest(task, model);
      samples.push({ request, planned: await planRun(session, request) });
    }
    const judged = await runSamples(session, samples);
    return await Promise.all(judged.map((run, at) => readVerdicts(run, finished[at]?.plan.rowCount ?? 0)));
  } finally {
    for (const { drop } of tasks) drop();
  }
}

async function toRequest({ runId, table, prompt, schema }: JudgeTask, model: string): Promise<RunRequest> {
  const options = parseRunOptions({ belowMinimum: "on-demand" }, "halfprice compare-models");
  const words = { first: table, prompt, system: judgeSystem, output: schema, model, name: `judge-${runId}` };
  return readRequest(words, options);
}

async function readVerdicts({ paths, summary }: FinishedRun, rowCount: number): Promise<CandidateVerdicts> {
  // A row without an answer has no question, and counts as wrong.
  const met: (boolean | undefined)[] = Array.from({ length: rowCount }, () => false);
  await withEngine(paths, async (engine) => {
    const query = `SELECT row_number, verdict FROM read_parquet(${quoteText(paths.results)})`;
    for await (const [numbers = [], verdicts = []] of engine.chunks(query)) {
      for (const [at, number] of numbers.entries()) {
        const verdict = verdicts[at];
        met[Number(number) - 1] = verdict === null ? undefined : verdict === true;
      }
    }
  });
  return { met, paidUsd: summary.paidUsd };
}
