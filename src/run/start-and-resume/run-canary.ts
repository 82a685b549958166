import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { highestShareUsd, priceTokens } from "../../foundation/money.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { askShards, onDemandFile } from "../../jobs/ask-shard.ts";
import type { Clients, JobRun } from "../../jobs/job-run.ts";
import { readShards, recordEstimates } from "../../ledger/shards.ts";
import { findRequestFamily } from "../../models/families/index.ts";
import { type Measured, sharpenPlan } from "../../plan/sharpen-plan.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { makeAnswerCheck } from "../../results/check-answer.ts";
import { registerCheck } from "../../results/read-answers.ts";
import { readCounted } from "../../results/resent-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { fetchRun, publishRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import {
  findDamage,
  type RunPaths,
  readPlanFile,
  readRunFile,
  runPaths,
  writePlanFile,
  writeRunFile,
} from "../../workspace/run-folder.ts";
import { type Session, withEngine } from "../../workspace/session.ts";

/** What a canary came to. */
interface CanaryResult {
  readonly answeredCount: number;
  readonly recordCount: number;
  /** What is off, each a sentence's part; empty where the rest may follow. */
  readonly problems: readonly string[];
  readonly measured: Measured;
  /** Undefined where price or usage is not known. */
  readonly usd: number | undefined;
}

const throttledMs = 5_000;

/**
 * Asks a run's canary before anything else of it is sent, and looks at what came: whether requests are taken, answers cut off,
 * declined or of another shape, and how many tokens they really took. Makes the plan's estimate narrower by that. Done once.
 * @throws CANARY where something is off: the rest waits until a person lets it follow; MAX_COST where it turns out to be dearer
 * than allowed
 */
export async function runCanary(session: Session, run: JobRun, clients: Clients): Promise<void> {
  const paths = runPaths(session.config.workspace, run.runId);
  const file = readRunFile(paths);
  const { canary } = file;
  if (canary === undefined || canary.isPassed === true) return;
  const isAsked = (): boolean =>
    readShards(clients.ledger, run.runId).some(({ index, state }) => index === canary.index && state === "collected");
  session.onStep(`asking ${canary.recordCount} records on demand before the rest`);
  while (!isAsked()) {
    const isMore = await askShards(run, clients, canary.index);
    if (!isMore && !isAsked()) await session.sleep(throttledMs);
  }
  const plan = readPlanFile(paths);
  const result = await withEngine(paths, (engine) => judgeCanary(engine, file, plan, paths));
  session.onStep(sayResult(result));
  const { problems, recordCount, usd } = result;
  if (problems.length > 0) {
    throw new HalfpriceError("CANARY", {
      runId: run.runId,
      asked: recordCount,
      rest: plan.recordCount,
      usd,
      problems: [...problems],
    });
  }
  await releaseRun(session.config.workspace, clients, file, plan, paths, result);
}

/** Lets the rest of a run follow whatever its canary showed: a person has said so. */
export async function approveCanary({ config }: Pick<Session, "config">, runId: string): Promise<void> {
  const paths = runPaths(config.workspace, runId);
  await fetchRun(paths, "description");
  // A run whose files are gone or broken is refused by what works on it.
  if (findDamage(paths) !== undefined) return;
  const run = readRunFile(paths);
  if (run.canary === undefined || run.canary.isPassed === true) return;
  writeRunFile(paths, { ...run, canary: { ...run.canary, isPassed: true } });
  await publishRun(paths, "run.json");
}

async function releaseRun(
  workspace: string,
  clients: Clients,
  run: RunFile,
  plan: Plan,
  paths: RunPaths,
  result: CanaryResult,
): Promise<void> {
  const { measured, usd = 0 } = result;
  const sharp = sharpenPlan(plan, measured, usd);
  const shards = sharp.shards.map((shard) => {
    const lane = sharp.lanes.find((each) => each.lane === shard.lane);
    return { index: shard.index, estimateHighUsd: highestShareUsd(lane, shard.recordCount) };
  });
  const { canary } = run;
  if (canary === undefined) return;
  await recordEstimates(clients.ledger, run.id, [...shards, { index: canary.index, estimateHighUsd: usd }], () =>
    // What is reserved for the run is now what it may cost; nothing more is added.
    checkSpending(workspace, clients.ledger, run, plan.costUsd === undefined ? undefined : 0),
  );
  // In this order: a plan is made sharper once, and a crash in between leaves it as wide as it was.
  writeRunFile(paths, { ...run, canary: { ...canary, isPassed: true } });
  writePlanFile(paths, sharp);
  await publishRun(paths, "plan.json");
  await publishRun(paths, "run.json");
}

async function judgeCanary(engine: Engine, run: RunFile, plan: Plan, paths: RunPaths): Promise<CanaryResult> {
  const { canary } = run;
  if (canary === undefined) throw new Error(`the run ${run.id} has no canary`);
  const shape = findRequestFamily(run.model.family, run.invocation)?.answer;
  if (shape === undefined) throw new Error(`the family ${run.model.family} was planned and is gone`);
  const { fields } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const check = run.output === undefined ? undefined : makeAnswerCheck(run.output, run.prompt.source);
  const reader = { engine, shape, fields, check };
  registerCheck(reader);
  const path = join(paths.directory, onDemandFile({ round: 0, index: canary.index }));
  const lines = await readCounted(reader, [path], "canary");
  const records = `read_parquet(${quoteText(join(paths.directory, recordFiles.records))})`;
  const off = await engine.rows(`
    SELECT outcome, count(*) AS count, any_value(error) AS error FROM canary WHERE outcome <> 'answered' GROUP BY 1 ORDER BY 2 DESC`);
  const [spread = {}] = await engine.rows(`
    SELECT count(*) AS n, avg(ratio) AS ratio, coalesce(stddev_samp(ratio), 0) / sqrt(greatest(count(*), 1)) AS ratio_error,
      avg(o) AS output, coalesce(stddev_samp(o), 0) / sqrt(greatest(count(*), 1)) AS output_error
    FROM (
      SELECT c.input_tokens / greatest(r.input_tokens, 1) AS ratio, coalesce(c.output_tokens, 0) AS o
      FROM canary c JOIN (SELECT record_id, any_value(input_tokens) AS input_tokens FROM ${records} GROUP BY 1) r USING (record_id)
      WHERE c.input_tokens IS NOT NULL)`);
  const number = (name: string): number => Number(spread[name] ?? 0);
  const measured: Measured = {
    recordCount: number("n"),
    inputRatio: { mean: number("ratio"), error: number("ratio_error") },
    outputTokens: { mean: number("output"), error: number("output_error") },
  };
  const problems = off.map(
    ({ outcome, count, error }) =>
      `${Number(count)} of ${canary.recordCount} ${String(outcome)}: ${String(error ?? "no reason given")}`,
  );
  const highest = plan.inputTokens.expected === 0 ? Infinity : plan.inputTokens.high / plan.inputTokens.expected;
  if (measured.recordCount > 0 && measured.inputRatio.mean > highest) {
    problems.push(`a record has ${measured.inputRatio.mean.toFixed(1)} times the input tokens that were estimated`);
  }
  const price = run.model.prices?.onDemand;
  return {
    answeredCount: lines.answerCount,
    recordCount: canary.recordCount,
    problems,
    measured,
    usd: price === undefined || lines.unreportedCount > 0 ? undefined : priceTokens(price, lines.usage),
  };
}

function sayResult({ answeredCount, recordCount, measured, usd }: CanaryResult): string {
  const { inputRatio, outputTokens } = measured;
  const tokens = `input tokens ${inputRatio.mean.toFixed(2)} times the estimate, ${outputTokens.mean.toFixed(0)} tokens an answer`;
  const price = usd === undefined ? "" : `, $${usd.toPrecision(2)}`;
  return `canary: ${answeredCount} of ${recordCount} answered, ${tokens}${price}`;
}
