import { HalfpriceError } from "../errors.ts";
import type { RetryPlan } from "./plan-retry.ts";
import { writeRunFile } from "./run-directory.ts";
import { openWorkspace, type Session } from "./session.ts";

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
    const outputPath =
      retry.options.outputPath ?? (await import("../ledger/runs.ts")).findRun(ledger, run.id)?.outputPath;
    if (outputPath !== undefined)
      (await import("./write-output.ts")).checkOutput(withOptions(retry), retry.paths, outputPath);
    (await import("./check-spending.ts")).checkSpending(ledger, withOptions(retry), retry.costUsd?.high);
  } finally {
    ledger.close();
  }
}

/** Begins a round: from here on any process can take it up. Nothing is sent yet. @throws MAX_COST, RUN_UNFINISHED */
export async function startRetry({ config, nowMs }: Session, retry: RetryPlan): Promise<void> {
  const { run, paths, options, round, files, shards, lanes } = retry;
  const ledger = await openWorkspace(config);
  try {
    const [{ recordOutputPath, recordRound }, { checkSpending }] = await Promise.all([
      import("../ledger/runs.ts"),
      import("./check-spending.ts"),
    ]);
    const rows = shards.map(({ index, lane, recordCount, fromByte, sizeBytes }) => {
      const own = lanes.find((each) => each.lane === lane);
      const high = own?.usd?.high;
      const estimateHighUsd =
        own === undefined || high === undefined ? undefined : (high * recordCount) / own.recordCount;
      return { index, lane, recordCount, fromByte, sizeBytes, round, file: files.lines, estimateHighUsd };
    });
    // Rounds that follow by themselves keep to what was allowed; without a number of attempts this is the only one.
    writeRunFile(paths, { ...withOptions(retry), maxAttempts: options.maxAttempts ?? 1 });
    if (options.outputPath !== undefined) recordOutputPath(ledger, run.id, options.outputPath, nowMs());
    recordRound(ledger, run.id, rows, nowMs(), () => checkSpending(ledger, withOptions(retry), retry.costUsd?.high));
  } finally {
    ledger.close();
  }
}

/** The run, with what the retry was allowed. */
function withOptions({ run, options: { maxCostUsd, mayOverwrite } }: RetryPlan): RetryPlan["run"] {
  return {
    ...run,
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(mayOverwrite === undefined ? {} : { mayOverwrite }),
  };
}
