import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HalfpriceError } from "../errors.ts";
import { onDemandFile } from "../jobs/ask-shard.ts";
import type { ShardRow } from "../ledger/shards.ts";
import type { RoundFiles } from "../requests/write-retries.ts";
import type { RetryGroup } from "../results/judge-retries.ts";
import type { BelowMinimum, Estimate, LanePlan, Plan, RunSummary, Shard } from "../types.ts";
import {
  makeRunTag,
  type RunFile,
  type RunPaths,
  readPlanFile,
  readRunFile,
  refuseCleaned,
  runPaths,
} from "./run-directory.ts";
import { openWorkspace, type Session, withEngine } from "./session.ts";

/** What a person allows a retry. */
export interface RetryOptions {
  /**
   * A record is sent at most so often, the first time included, and rounds follow each other by themselves; at least 2.
   * Without it one more round is sent, whatever was sent before.
   */
  readonly maxAttempts?: number;
  /** Of the whole run, all rounds together; what the run was begun with where it is left out. */
  readonly maxCostUsd?: number;
  /** What the run was begun with where it is left out. */
  readonly belowMinimum?: BelowMinimum;
  /** Output file from now on; as the run was begun where it is left out. */
  readonly outputPath?: string;
  /** The output file may be replaced although it was changed since the run wrote it. */
  readonly mayOverwrite?: true;
}

/** What a retry would do and cost. */
export interface RetryPlan {
  readonly run: RunFile;
  readonly paths: RunPaths;
  readonly plan: Plan;
  readonly options: RetryOptions;
  /** From 1. */
  readonly round: number;
  /** The round's lines, which are there from the plan on. */
  readonly files: RoundFiles;
  /** What is sent again, and how; the most first. */
  readonly sent: readonly RetryGroup[];
  /** What is not sent again, and why. */
  readonly left: readonly RetryGroup[];
  readonly recordCount: number;
  /** Records of shards that were never sent, because the run was stopped: they are sent now, in round 0. */
  readonly unsentCount: number;
  readonly shards: readonly Shard[];
  readonly lanes: readonly LanePlan[];
  readonly belowMinimum: BelowMinimum;
  /** Absent where the price is not known. */
  readonly costUsd?: Estimate;
}

/**
 * Finds what of a run has no good answer and can get one, and writes the round's lines beside the run's others. Spends
 * nothing, and sends nothing.
 * @throws RUN_UNFINISHED where jobs of the run are under way, TOO_FEW_RECORDS where no job takes so few and on demand is not
 * allowed
 */
export async function planRetry(session: Session, id: string, options: RetryOptions): Promise<RetryPlan> {
  const { config, random } = session;
  const paths = runPaths(config.workspace, id);
  const ledger = await openWorkspace(config);
  try {
    const [{ findRun }, { readShards }] = await Promise.all([
      import("../ledger/runs.ts"),
      import("../ledger/shards.ts"),
    ]);
    const row = findRun(ledger, id);
    if (row === undefined) throw new HalfpriceError("UNKNOWN_RUN", { run: id, workspace: config.workspace });
    if (row.summary === undefined || (row.state !== "done" && row.state !== "stopped")) {
      throw new HalfpriceError("RUN_UNFINISHED", { runId: id, state: row.state });
    }
    refuseCleaned(paths, join(paths.directory, "records.parquet"));
    const run = readRunFile(paths);
    return await makeRetry({
      run,
      plan: readPlanFile(paths),
      shards: readShards(ledger, id),
      paths,
      options,
      summary: row.summary,
      random,
    });
  } finally {
    ledger.close();
  }
}

interface Ended {
  readonly run: RunFile;
  readonly plan: Plan;
  readonly shards: readonly ShardRow[];
  readonly paths: RunPaths;
  readonly options: RetryOptions;
  readonly summary: RunSummary;
  readonly random: () => number;
}

async function makeRetry({ run, plan, shards, paths, options, summary, random }: Ended): Promise<RetryPlan> {
  const [
    { isSettled, judgeRun, shapeOf },
    { retryWays },
    { makeRoundFiles, writeRetries },
    { cutLanes },
    { planLanes, sumLanes },
  ] = await Promise.all([
    import("./judge-run.ts"),
    import("../results/judge-retries.ts"),
    import("../requests/write-retries.ts"),
    import("../plan/cut-lanes.ts"),
    import("../plan/make-plan.ts"),
  ]);
  const { estimateRetry } = await import("../plan/estimate-retry.ts");
  const round = Math.max(...shards.map((shard) => shard.round)) + 1;
  const files = makeRoundFiles(round, makeRunTag(random));
  const belowMinimum = options.belowMinimum ?? plan.belowMinimum;
  const base = { run, paths, plan, options, round, files, belowMinimum };
  const unsentCount = shards
    .filter((shard) => !isSettled(shard))
    .reduce((sum, { recordCount }) => sum + recordCount, 0);
  return withEngine(paths, async (engine) => {
    const groups = await judgeRun(engine, run, plan, shards, paths, options.maxAttempts);
    const sent = groups.filter(({ way }) => retryWays.includes(way));
    const left = groups.filter(({ way }) => !retryWays.includes(way));
    if (sent.length === 0) return { ...base, sent, left, recordCount: 0, unsentCount, shards: [], lanes: [] };
    mkdirSync(join(paths.directory, "input"), { recursive: true });
    const wanted = `(SELECT * FROM retries WHERE way IN (${retryWays.map((way) => `'${way}'`).join(", ")}))`;
    const shape = shapeOf(run);
    const { canary } = run;
    const askedFiles = (
      canary === undefined ? [] : [join(paths.directory, onDemandFile({ round: 0, index: canary.index }))]
    ).filter((path) => existsSync(path));
    const lines = await writeRetries(engine, shape, paths.directory, { files, wanted, askedFiles });
    // A run that was all on demand has neither bucket nor role for a job.
    const hasBatch = run.model.noBatch === undefined && run.place !== undefined;
    const cut = cutLanes(lines.blocks, lines.recordCount, plan.limits, hasBatch);
    const maxOutputTokens = shape.family.kind === "embedding" ? 0 : lines.maxOutputTokens;
    const { input, output } = estimateRetry({ ...lines, maxOutputTokens }, run.model.baseId, {
      recordCount: summary.outcomeCounts.answered,
      outputTokens: summary.usage.outputTokens,
    });
    const lanes = planLanes(cut, run.model, input, output);
    const costUsd = sumLanes(lanes);
    const next = Math.max(...shards.map(({ index }) => index)) + 1;
    return {
      ...base,
      sent,
      left,
      recordCount: lines.recordCount,
      unsentCount,
      shards: cut.map((shard) => ({ ...shard, index: shard.index + next })),
      lanes,
      ...(costUsd === undefined ? {} : { costUsd }),
    };
  });
}

/** Removes what a retry has written, unless it was begun: then its lines are a shard's. */
export async function dropRetry({ config }: Session, { run, paths, files }: RetryPlan): Promise<void> {
  const ledger = await openWorkspace(config);
  const { readShards } = await import("../ledger/shards.ts");
  try {
    if (readShards(ledger, run.id).some((shard) => shard.file === files.lines)) return;
  } finally {
    ledger.close();
  }
  for (const name of [files.lines, files.chain]) rmSync(join(paths.directory, name), { force: true });
}
