import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { commitFile, makeFolder, syncTree } from "../../foundation/commit-file.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { highestShareUsd } from "../../foundation/money.ts";
import type { Plan, Shard } from "../../foundation/types/index.ts";
import { findChanged, lookAtRuns } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findUnfinishedRun, type NewRun, type RunRow, recordRun } from "../../ledger/runs.ts";
import type { NewShard } from "../../ledger/shards.ts";
import { expandLines } from "../../media/expand-lines.ts";
import { checkPlan } from "../../plan/check-plan.ts";
import { canaryLines } from "../../requests/exclude-records.ts";
import { recordFiles, toMarkedLines } from "../../requests/record-files.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { publishRun } from "../../workspace/fetch-run.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import type { RunFile, RunPlace } from "../../workspace/run-file.ts";
import { writeRunFile } from "../../workspace/run-folder.ts";
import { findEndpoint, openWorkspace, type Session } from "../../workspace/session.ts";
import { checkOutput } from "../../workspace/write-output.ts";
import { needsPlace } from "../plan/check-run-plan.ts";
import { dropDraft, type PlannedRun } from "../plan/plan-run.ts";
import { findCompatibleRuns } from "../shared-answers/compatible-runs.ts";

/** What a plan became. */
export interface StartedRun {
  /** The run to work on. */
  readonly runId: string;
  /** What is done: the plan, or what was left of it when it began. */
  readonly planned: PlannedRun;
  /** The same run, which another process has begun since: this one joins it, and the draft is gone. */
  readonly joined: RunRow | undefined;
}

/** What stands against a run at the moment in which it would begin. */
type Bar = { readonly kind: "same"; readonly row: RunRow } | { readonly kind: "stale" };

/**
 * Promotes a draft: its lines become the input, and the run goes into the ledger. Nothing is sent yet; from here on any process
 * can resume the run. In the same change of the ledger its records are claimed: where the same run has begun since the plan was
 * made, that one is joined; where another has begun or ended that may have some of the records, the plan is made anew without
 * those. A new plan only ever sends fewer records.
 * @param onReplan is told the plan that was made anew; what it throws stops the start
 * @throws DISK; BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS; MAX_COST where another process has begun something in the meantime; TOO_FEW_RECORDS where too few are left for a
 * job
 */
export async function startRun(
  session: Session,
  planned: PlannedRun,
  outputPath: string | undefined,
  onReplan: (planned: PlannedRun, before: PlannedRun) => void | Promise<void> = () => undefined,
): Promise<StartedRun> {
  if (outputPath !== undefined) checkOutput(planned.run, planned.paths, outputPath);
  const place = findPlace(session, planned.plan);
  const ledger = await openWorkspace(session.config);
  try {
    for (let current = planned; ; ) {
      await promote(current, place, findEndpoint(session, current.run.origin.kind));
      const { run, plan, paths } = current;
      await publishRun(paths);
      const bar = await recordRun(ledger, makeNewRun(current, outputPath), () => findBar(session, ledger, current));
      if (bar === undefined) return { runId: run.id, planned: current, joined: undefined };
      if (bar.kind === "same") {
        await filesOf(session.config.workspace).remove(`runs/${run.id}`);
        dropDraft(current);
        return { runId: bar.row.id, planned: current, joined: bar.row };
      }
      // Each time another run has begun or ended: that cannot go on for ever.
      demote(current);
      const next = await current.replan();
      checkPlan(next.plan, run.table.shownPath);
      if (next.plan.recordCount !== plan.recordCount) await onReplan(next, current);
      current = next;
    }
  } finally {
    ledger.close();
  }
}

/** Looks once more, while nobody else can write. @throws MAX_COST, PRICE_UNKNOWN */
function findBar({ config }: Session, ledger: Ledger, { run, plan, look }: PlannedRun): Bar | undefined {
  const row = findUnfinishedRun(ledger, run.fingerprint);
  if (row !== undefined) return { kind: "same", row };
  if (look !== undefined) {
    const changed = findChanged(look, lookAtRuns(ledger, run.origin));
    if (findCompatibleRuns(changed, config.workspace, run).length > 0) return { kind: "stale" };
  }
  checkSpending(config.workspace, ledger, run, plan.costUsd?.high);
  return undefined;
}

/** Where the jobs of a plan work; without a job neither bucket nor role is needed. @throws NO_BUCKET */
export function findPlace({ config }: Session, plan: Plan): RunPlace | undefined {
  const { bucket, prefix, roleArn, kmsKey, vpc } = config;
  if (bucket === undefined || roleArn === undefined) {
    if (needsPlace(plan)) throw new HalfpriceError("NO_BUCKET", { policies: "" });
    return undefined;
  }
  return {
    ...{ bucket, prefix, roleArn },
    ...(kmsKey === undefined ? {} : { kmsKey }),
    ...(vpc === undefined ? {} : { vpc }),
  };
}

/** The plan's lines are the job's lines: what was shown is what is sent. Pictures and documents take the place of their marks. */
export async function promote(
  { run, paths }: Pick<PlannedRun, "run" | "paths">,
  place: RunPlace | undefined,
  endpointUrl: string | undefined,
): Promise<void> {
  makeFolder(join(paths.directory, "input"));
  const lines = [
    recordFiles.lines,
    ...(run.pack === undefined ? [] : [recordFiles.packLines]),
    ...(run.canary === undefined ? [] : [canaryLines]),
  ];
  for (const name of lines) {
    const target = join(paths.directory, "input", name);
    if (run.hasMedia !== true) commitFile(target, join(paths.directory, name));
    else {
      await expandLines(join(paths.directory, name), `${target}.tmp`, join(paths.directory, recordFiles.media));
      commitFile(target);
      commitFile(join(paths.directory, toMarkedLines(`input/${name}`)), join(paths.directory, name));
    }
  }
  writeRunFile(paths, {
    ...run,
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    ...(place === undefined ? {} : { place }),
  });
  // The ledger says next that there is such a run: by then all of it is on the disk, and `runs/`, which has its name.
  syncTree(paths.directory);
}

/** Makes a draft of it again. */
function demote({ paths }: PlannedRun): void {
  for (const name of [recordFiles.lines, recordFiles.packLines, canaryLines]) {
    const path = join(paths.directory, "input", name);
    const marked = join(paths.directory, toMarkedLines(`input/${name}`));
    if (existsSync(marked)) {
      renameSync(marked, join(paths.directory, name));
      rmSync(path, { force: true });
    } else if (existsSync(path)) renameSync(path, join(paths.directory, name));
  }
}

/** A run as the ledger has it when it begins. */
export function makeNewRun({ run, plan }: Pick<PlannedRun, "run" | "plan">, outputPath: string | undefined): NewRun {
  const { id, name, fingerprint, origin, createdAt, partCount, partOf } = run;
  return {
    ...(partCount === undefined ? {} : { partCount }),
    ...(partOf === undefined ? {} : { partOf: partOf.runId, part: partOf.part }),
    ...{ id, name, fingerprint, origin, createdAt },
    modelLabel: run.model.label,
    rowCount: plan.rowCount,
    recordCount: plan.recordCount,
    outputPath,
    estimateUsd: plan.costUsd,
    shards: [
      ...plan.shards.map((shard) => ({ ...withEstimate(shard, plan), ...sentFile(run) })),
      ...canaryShard(run, plan, `input/${canaryLines}`),
    ],
    awaits: (plan.earlier?.awaited ?? []).map(({ runId, round = 0 }) => ({ runId, round })),
  };
}

/** The file of what is sent, where that is not the usual one. */
const sentFile = ({ pack }: RunFile): Pick<NewShard, "file"> =>
  pack === undefined ? {} : { file: `input/${recordFiles.packLines}` };

/** What a shard may cost at most: its share of its lane. */
function withEstimate(shard: Shard, { lanes }: Plan): NewShard {
  const own = lanes.find(({ lane }) => lane === shard.lane);
  return { ...shard, estimateHighUsd: highestShareUsd(own, shard.recordCount) };
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
