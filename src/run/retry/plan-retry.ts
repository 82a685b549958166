import { rmSync } from "node:fs";
import { join } from "node:path";
import { nameWorkspace } from "../../config/read-config.ts";
import type { Engine } from "../../engine/engine.ts";
import { makeFolder } from "../../foundation/commit-file.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { BelowMinimum, Estimate, LanePlan, Plan, RunSummary, Shard } from "../../foundation/types/index.ts";
import type { AwaitedRound, Look } from "../../ledger/look-at-runs.ts";
import { lookAtRuns } from "../../ledger/look-at-runs.ts";
import { findRun } from "../../ledger/runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { readShards } from "../../ledger/shards.ts";
import { cutLanes } from "../../plan/cut-lanes.ts";
import { estimateRetry } from "../../plan/estimate-retry.ts";
import { planLanes, sumLanes } from "../../plan/plan-lanes.ts";
import type { RoundFiles } from "../../requests/write-retries.ts";
import { makeRoundFiles, writeRetries } from "../../requests/write-retries.ts";
import { writeEarlier } from "../../results/earlier-answers.ts";
import type { RetryGroup } from "../../results/judge-retries.ts";
import { groupRetries, retryWays } from "../../results/judge-retries.ts";
import { fetchRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import {
  makeRunTag,
  type RunPaths,
  readPlanFile,
  readRunFile,
  refuseDamaged,
  runPaths,
} from "../../workspace/run-folder.ts";
import { openWorkspace, type Session, withEngine } from "../../workspace/session.ts";
import { judgeRun, shapeOf } from "../finish/judge-run.ts";
import type { Sharing } from "../shared-answers/compatible-runs.ts";
import { findShared } from "../shared-answers/compatible-runs.ts";
import { keepRows } from "./keep-rows.ts";

/** What a person allows a retry. */
export interface RetryOptions {
  /**
   * How often a record is sent at most, the first time included; rounds follow each other by themselves; at least 2.
   * Without it one more round is sent, whatever was sent before.
   */
  readonly maxAttempts?: number;
  /** Of the whole run, all rounds together; what the run was begun with where it is left out. */
  readonly maxCostUsd?: number;
  /** What the run was begun with where it is left out. */
  readonly belowMinimum?: BelowMinimum;
  /** Tokens of an answer, at most, of what was cut off. @defaultValue twice what it was */
  readonly maxTokens?: number;
  /** Output file from now on; as the run was begun where it is left out. */
  readonly outputPath?: string;
  /** Only of the rows of its table for which this condition of DuckDB holds: `_halfprice_outcome = 'truncated'`. */
  readonly rows?: string;
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
  /** Of what is sent, records that were never sent before: the run was stopped, or another run was to answer them. */
  readonly unsentCount: number;
  /** Records that are not sent again since another run has their answers by now. */
  readonly earlierCount: number;
  /** Records that are not sent again since other runs have them in flight. */
  readonly awaited: readonly (AwaitedRound & { readonly requestCount: number })[];
  /** How all runs stood when this was planned. */
  readonly look: Look;
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
    const origin = findRun(ledger, id)?.origin;
    if (origin === undefined) throw new HalfpriceError("UNKNOWN_RUN", { run: id, workspace: nameWorkspace(config) });
    // The look comes before anything else that is read: what changes later is seen when the round begins.
    const look = lookAtRuns(ledger, origin);
    const row = findRun(ledger, id);
    if (row?.summary === undefined || look.get(id)?.isUnderWay !== false) {
      throw new HalfpriceError("RUN_UNFINISHED", {
        runId: id,
        state: row?.state === "stopped" ? "stopping" : `${row?.state}`,
      });
    }
    await fetchRun(paths, "all");
    refuseDamaged(paths, true, [join(paths.directory, "records.parquet"), paths.results]);
    const run = readRunFile(paths);
    refuseTokens(run, options.maxTokens);
    if (run.adopted !== undefined) {
      const problem = `the run ${id} is a job that was made elsewhere, and is not sent again; its input can be run: halfprice run ${run.table.shownPath} --raw`;
      throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice retry" });
    }
    return await makeRetry({
      run,
      plan: readPlanFile(paths),
      shards: readShards(ledger, id),
      paths,
      options,
      summary: row.summary,
      random,
      sharing: { ledger, workspace: config.workspace, look, asked: run, ownId: id, onTrouble: session.onStep },
    });
  } finally {
    ledger.close();
  }
}

/** @throws BAD_OPTIONS where the limit is the model's own, or no more than it was */
function refuseTokens({ model, parameters }: RunFile, maxTokens: number | undefined): void {
  if (maxTokens === undefined) return;
  const most = model.maxOutputTokens;
  const count = (value: number): string => value.toLocaleString("en-US");
  const problem =
    most !== undefined && maxTokens > most
      ? `--max-tokens is ${count(maxTokens)}; ${model.label} gives at most ${count(most)}`
      : maxTokens <= parameters.maxTokens
        ? `--max-tokens is ${count(maxTokens)}; the run had ${count(parameters.maxTokens)}, and what was cut off needs more`
        : undefined;
  if (problem !== undefined)
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice retry" });
}

interface Ended {
  readonly run: RunFile;
  readonly plan: Plan;
  readonly shards: readonly ShardRow[];
  readonly paths: RunPaths;
  readonly options: RetryOptions;
  readonly summary: RunSummary;
  readonly random: () => number;
  readonly sharing: Sharing;
}

async function makeRetry({ run, plan, shards, paths, options, summary, random, sharing }: Ended): Promise<RetryPlan> {
  const round = Math.max(0, ...shards.map((shard) => shard.round)) + 1;
  const files = makeRoundFiles(round, makeRunTag(random));
  const belowMinimum = options.belowMinimum ?? plan.belowMinimum;
  return withEngine(paths, async (engine) => {
    await judgeRun(engine, run, plan, shards, paths, options.maxAttempts, options.maxTokens);
    if (options.rows !== undefined) await keepRows(engine, run, paths, options.rows);
    const ways = retryWays.map((way) => `'${way}'`).join(", ");
    const shared = await takeShared(engine, run, paths, { sharing: { ...sharing, ownRound: round }, files, ways });
    const groups = await groupRetries(engine);
    const sent = groups.filter(({ way }) => retryWays.includes(way));
    const left = groups.filter(({ way }) => !retryWays.includes(way));
    const [unsent = {}] = await engine.rows(
      `SELECT count(*) AS records FROM retries WHERE tries = 0 AND way IN (${ways})`,
    );
    const base = {
      ...{ run, paths, plan, options, round, files, belowMinimum, sent, left, ...shared },
      look: sharing.look,
      unsentCount: Number(unsent["records"]),
    };
    if (sent.length === 0) return { ...base, recordCount: 0, shards: [], lanes: [] };
    makeFolder(join(paths.directory, "input"));
    const wanted = `(SELECT * FROM retries WHERE way IN (${ways}))`;
    const shape = shapeOf(run);
    const lines = await writeRetries(engine, shape, paths.directory, { files, wanted });
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
    const next = Math.max(-1, ...shards.map(({ index }) => index)) + 1;
    return {
      ...base,
      recordCount: lines.recordCount,
      shards: cut.map((shard) => ({ ...shard, index: shard.index + next })),
      lanes,
      ...defined({ costUsd }),
    };
  });
}

/**
 * Takes out of what is sent again what other runs have answered since, or have in flight. Writes both down; nothing where all is to
 * be paid again.
 */
async function takeShared(
  engine: Engine,
  { fullRefresh }: RunFile,
  { directory }: RunPaths,
  { sharing, files, ways }: { readonly sharing: Sharing; readonly files: RoundFiles; readonly ways: string },
): Promise<Pick<RetryPlan, "earlierCount" | "awaited">> {
  if (fullRefresh === true) return { earlierCount: 0, awaited: [] };
  const all = "(SELECT record_id FROM retries)";
  await findShared(engine, sharing, all, `(SELECT record_id FROM retries WHERE way IN (${ways}))`);
  const [earlier = {}] = await engine.rows("SELECT count(*) AS records FROM earlier");
  const waits = await engine.rows("SELECT run_id, round, count(*) AS records FROM awaited GROUP BY 1, 2 ORDER BY 1, 2");
  const earlierCount = Number(earlier["records"]);
  if (earlierCount + waits.length > 0) {
    makeFolder(join(directory, "input"));
    await writeEarlier(engine, "earlier", join(directory, files.earlier), false);
    await writeEarlier(engine, "awaited", join(directory, files.awaited), false);
    await engine.run(`DELETE FROM retries WHERE record_id IN (SELECT record_id FROM earlier)
      OR record_id IN (SELECT record_id FROM awaited)`);
  }
  const awaited = waits.map((each) => ({
    runId: String(each["run_id"]),
    round: Number(each["round"]),
    requestCount: Number(each["records"]),
  }));
  return { earlierCount, awaited };
}

/** Whether a round would change anything: something is sent, or answers come from other runs. */
export function isWorthwhile({ recordCount, earlierCount, awaited }: RetryPlan): boolean {
  return recordCount + earlierCount + awaited.length > 0;
}

/** Removes what a retry has written, unless it was begun: then its lines are a shard's. */
export async function dropRetry({ config }: Session, { run, paths, files }: RetryPlan): Promise<void> {
  const ledger = await openWorkspace(config);
  try {
    if (readShards(ledger, run.id).some((shard) => shard.file === files.lines)) return;
  } finally {
    ledger.close();
  }
  for (const name of Object.values(files) as string[]) rmSync(join(paths.directory, name), { force: true });
}
