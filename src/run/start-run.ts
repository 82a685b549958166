import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { HalfpriceError } from "../errors.ts";
import type { NewShard } from "../ledger/shards.ts";
import { reachPoint } from "../reach-point.ts";
import type { Plan, Shard } from "../types.ts";
import { needsPlace } from "./check-run-plan.ts";
import type { PlannedRun } from "./plan-run.ts";
import { type RunFile, writeRunFile } from "./run-directory.ts";
import { openWorkspace, type Session } from "./session.ts";

/**
 * Promotes a draft: its lines become the input, and the run goes into the ledger. Nothing is sent yet; from here
 * on any process can take the run up.
 * @throws DISK; BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS; MAX_COST where another process has begun something in the meantime
 */
export async function startRun(session: Session, planned: PlannedRun, outputPath: string | undefined): Promise<void> {
  const { config } = session;
  const { plan, run, paths } = planned;
  if (outputPath !== undefined) (await import("./write-output.ts")).checkOutput(run, paths, outputPath);
  const { bucket, prefix, roleArn, kmsKey, vpc } = config;
  const place =
    bucket === undefined || roleArn === undefined
      ? undefined
      : {
          ...{ bucket, prefix, roleArn },
          ...(kmsKey === undefined ? {} : { kmsKey }),
          ...(vpc === undefined ? {} : { vpc }),
        };
  // Without a job neither bucket nor role is needed.
  if (place === undefined && needsPlace(plan)) throw new HalfpriceError("NO_BUCKET", { policies: "" });
  // The plan's lines are the job's lines: what was shown is what is sent.
  mkdirSync(join(paths.directory, "input"), { recursive: true });
  renameSync(join(paths.directory, "records.jsonl"), join(paths.directory, "input", "records.jsonl"));
  reachPoint("records.jsonl in place");
  const { canaryLines } = await import("../requests/take-out.ts");
  if (run.canary !== undefined) {
    renameSync(join(paths.directory, canaryLines), join(paths.directory, "input", canaryLines));
  }
  writeRunFile(paths, place === undefined ? run : { ...run, place });
  const ledger = await openWorkspace(config);
  try {
    const [{ recordRun }, { checkSpending }] = await Promise.all([
      import("../ledger/runs.ts"),
      import("./check-spending.ts"),
    ]);
    const { id, name, fingerprint, origin, createdAt } = run;
    const counts = { rowCount: plan.rowCount, recordCount: plan.recordCount };
    const guard = (): void => checkSpending(ledger, run, plan.costUsd?.high);
    const newRun = {
      id,
      name,
      fingerprint,
      origin,
      createdAt,
      modelLabel: run.model.label,
      ...counts,
      outputPath,
      estimateUsd: plan.costUsd,
      shards: [
        ...plan.shards.map((shard) => withEstimate(shard, plan)),
        ...canaryShard(run, plan, `input/${canaryLines}`),
      ],
    };
    recordRun(ledger, newRun, guard);
  } finally {
    ledger.close();
  }
}

/** What a shard may cost at most: its share of its lane. */
function withEstimate(shard: Shard, { lanes }: Plan): NewShard {
  const own = lanes.find(({ lane }) => lane === shard.lane);
  const highUsd = own?.usd?.high;
  const estimateHighUsd =
    own === undefined ? 0 : highUsd === undefined ? undefined : (highUsd * shard.recordCount) / own.recordCount;
  return { ...shard, estimateHighUsd };
}

function canaryShard(run: RunFile, { canary }: Plan, file: string): NewShard[] {
  if (run.canary === undefined || canary === undefined) return [];
  const { recordCount, sizeBytes, usd } = canary;
  return [
    {
      index: run.canary.index,
      lane: "on_demand",
      recordCount,
      sizeBytes,
      fromByte: 0,
      file,
      estimateHighUsd: usd?.high,
    },
  ];
}
