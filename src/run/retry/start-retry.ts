import { existsSync } from "node:fs";
import { join } from "node:path";
import { quoteText } from "../../engine/sql.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { highestShareUsd } from "../../foundation/money.ts";
import { refuseOwned } from "../../ledger/claim-run.ts";
import { findChanged, lookAtRuns } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findRun, recordOutputPath, recordRound } from "../../ledger/runs.ts";
import type { NewShard } from "../../ledger/shards.ts";
import { writeEarlier } from "../../results/earlier-answers.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { publishRun } from "../../workspace/fetch-run.ts";
import { refuseCleaned, writeRunFile } from "../../workspace/run-folder.ts";
import { openWorkspace, type Session, self, withEngine } from "../../workspace/session.ts";
import { checkOutput } from "../../workspace/write-output.ts";
import { findCompatibleRuns } from "../shared-answers/compatible-runs.ts";
import { awaitedFile, earlierFile } from "../shared-answers/find-earlier.ts";
import { dropRetry, isWorthwhile, planRetry, type RetryPlan } from "./plan-retry.ts";

/**
 * Stops a retry that would cost more than allowed, that no job takes, or whose table could not be written at the end.
 * @throws TOO_FEW_RECORDS, MAX_COST, PRICE_UNKNOWN, BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export async function checkRetry({ config }: Session, retry: RetryPlan): Promise<void> {
  const { run, plan, lanes, recordCount, belowMinimum } = retry;
  const onDemand = lanes.find(({ lane }) => lane === "on_demand");
  if (onDemand !== undefined && belowMinimum === "fail") {
    const { minRecordsPerJob: minimum, source } = plan.limits;
    const rest = recordCount - onDemand.recordCount;
    const table = `the retry of ${run.name}`;
    const details = { table, recordCount: onDemand.recordCount, rest, minimum, model: run.model.label, source };
    throw new HalfpriceError("TOO_FEW_RECORDS", { ...details, onDemandUsd: onDemand.usd?.expected });
  }
  const ledger = await openWorkspace(config);
  try {
    const outputPath = retry.options.outputPath ?? findRun(ledger, run.id)?.outputPath;
    if (outputPath !== undefined) checkOutput(withOptions(retry), retry.paths, outputPath);
    checkSpending(config.workspace, ledger, withOptions(retry), retry.costUsd?.high);
  } finally {
    ledger.close();
  }
}

/**
 * Begins a round: from here on any process can resume the run. Nothing is sent yet. In the same change of the ledger its records are
 * claimed: where another run has begun or ended that may have some of them, the retry is planned anew without those.
 * @param onReplan is told the retry that was planned anew
 * @returns the round that was begun; undefined where nothing was left to be sent or taken
 * @throws MAX_COST, TOO_FEW_RECORDS; RUN_UNFINISHED where another process has begun a round of the same run; RUN_BUSY where one works
 * on it; RUN_CLEANED
 */
export async function startRetry(
  session: Session,
  planned: RetryPlan,
  onReplan: (retry: RetryPlan) => void = () => undefined,
): Promise<RetryPlan | undefined> {
  const { config, nowMs } = session;
  const ledger = await openWorkspace(config);
  try {
    const { outputPath } = planned.options;
    if (outputPath !== undefined) await recordOutputPath(ledger, planned.run.id, outputPath, nowMs());
    for (let retry = planned; ; ) {
      if (!isWorthwhile(retry)) return undefined;
      const { run, awaited } = retry;
      await keepShared(retry);
      await publishRun(retry.paths);
      const round = { runId: run.id, shards: makeShards(retry), awaits: awaited };
      const isStale = await recordRound(ledger, round, nowMs(), () => findStale(session, ledger, retry));
      if (isStale === undefined) {
        await publishRun(retry.paths, "run.json");
        return retry;
      }
      await dropRetry(session, retry);
      retry = await planRetry(session, run.id, retry.options);
      try {
        await checkRetry(session, retry);
        onReplan(retry);
      } catch (error) {
        await dropRetry(session, retry);
        throw error;
      }
    }
  } finally {
    ledger.close();
  }
}

/** Looks once more, while nobody else can write. */
function findStale({ config, nowMs }: Session, ledger: Ledger, retry: RetryPlan): true | undefined {
  const { run, paths, options, look } = retry;
  refuseOwned(ledger, run.id, self, nowMs());
  refuseCleaned(paths, join(paths.directory, "records.parquet"));
  const now = lookAtRuns(ledger, run.origin);
  const own = now.get(run.id);
  if (own?.isUnderWay === true) throw new HalfpriceError("RUN_UNFINISHED", { runId: run.id, state: "running" });
  if (own?.round !== look.get(run.id)?.round) return true;
  const changed = findChanged(look, now);
  if (run.fullRefresh !== true && findCompatibleRuns(changed, config.workspace, run, run.id).length > 0) return true;
  checkSpending(config.workspace, ledger, withOptions(retry), retry.costUsd?.high);
  // Rounds that follow by themselves keep to what was allowed; without a number of attempts this is the only one.
  writeRunFile(paths, { ...withOptions(retry), maxAttempts: options.maxAttempts ?? 1 });
  return undefined;
}

function makeShards({ round, files, shards, lanes }: RetryPlan): NewShard[] {
  return shards.map(({ index, lane, recordCount, fromByte, sizeBytes }) => {
    const own = lanes.find((each) => each.lane === lane);
    const estimateHighUsd = highestShareUsd(own, recordCount);
    return { index, lane, recordCount, fromByte, sizeBytes, round, file: files.lines, estimateHighUsd };
  });
}

/**
 * Adds what other runs have answered, or have in flight, to what the run has of others. Before the round begins, so that no crash loses
 * it; where it does not begin, the run has some answers more.
 */
async function keepShared({ paths, files, earlierCount, awaited }: RetryPlan): Promise<void> {
  if (earlierCount + awaited.length === 0) return;
  const path = (name: string): string => join(paths.directory, name);
  await withEngine(paths, async (engine) => {
    for (const [name, target] of [
      [files.earlier, earlierFile],
      [files.awaited, awaitedFile],
    ] as const) {
      const known = existsSync(path(target))
        ? `WHERE record_id NOT IN (SELECT record_id FROM read_parquet(${quoteText(path(target))}))`
        : "";
      await engine.run(
        `CREATE OR REPLACE TABLE shared AS SELECT * FROM read_parquet(${quoteText(path(name))}) ${target === earlierFile ? known : ""}`,
      );
      await writeEarlier(engine, "shared", path(target), true);
    }
  });
}

/** The run, with what the retry was allowed. */
function withOptions({ run, options: { maxCostUsd, mayOverwrite } }: RetryPlan): RetryPlan["run"] {
  return {
    ...run,
    ...defined({ maxCostUsd, mayOverwrite }),
  };
}
