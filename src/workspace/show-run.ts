import { linkToJob } from "../aws/link-to-job.ts";
import { nameWorkspace } from "../config/read-config.ts";
import type { Plan } from "../foundation/types/index.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { readParts } from "../ledger/parts.ts";
import type { RunRow } from "../ledger/runs.ts";
import { readRuns } from "../ledger/runs.ts";
import type { ShardRow } from "../ledger/shards.ts";
import { readShards } from "../ledger/shards.ts";
import { readSpending } from "./check-spending.ts";
import { fetchRun } from "./fetch-run.ts";
import { getRun } from "./get-run.ts";
import type { RunFile } from "./run-file.ts";
import { type RunPaths, readPlanFile, readRunFile, refuseDamaged, runPaths } from "./run-folder.ts";
import { type OwnWorkspace, openWorkspace } from "./session.ts";

/** Everything that is known about a run without asking anyone. */
export interface ShownRun {
  readonly row: RunRow;
  readonly run: RunFile;
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly shards: readonly ShardRow[];
  /** The upper estimates of what is not paid yet; undefined where one is not known. */
  readonly reservedUsd: number | undefined;
  /** Of a run in parts: how many there are, are joined, and are prepared and not joined; absent for any other. */
  readonly parts?: { readonly count: number; readonly joinedCount: number; readonly openCount: number };
  /** A job's page in the AWS console, by its ARN; none for the local service. */
  readonly links: Readonly<Record<string, string>>;
}

/** The ledger's row of a run: all that there is where its files are gone. @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS */
export async function findRunRow({ config }: OwnWorkspace, wanted: string): Promise<RunRow> {
  const ledger = await openWorkspace(config);
  try {
    return await getRun(ledger, nameWorkspace(config), wanted);
  } finally {
    ledger.close();
  }
}

/** @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS; RUN_DAMAGED, RUN_CLEANED where its files are broken or gone */
export async function showRun({ config }: OwnWorkspace, wanted: string): Promise<ShownRun> {
  const ledger = await openWorkspace(config);
  try {
    const row = await getRun(ledger, nameWorkspace(config), wanted);
    const paths = runPaths(config.workspace, row.id);
    await fetchRun(paths, "description");
    refuseDamaged(paths, row.state === "done" || row.state === "stopped");
    const shards = readShards(ledger, row.id);
    const arns = row.origin.kind === "local" ? [] : shards.flatMap(({ attempt }) => attempt?.jobArn ?? []);
    const links = Object.fromEntries(arns.map((arn) => [arn, linkToJob(row.origin.region, arn)]));
    const { reservedUsd } = readSpending(config.workspace, ledger, row.origin, row.id);
    const parts = countParts(ledger, row);
    return { row, run: readRunFile(paths), plan: readPlanFile(paths), paths, shards, reservedUsd, links, ...parts };
  } finally {
    ledger.close();
  }
}

function countParts(ledger: Ledger, { id, partCount: count }: RunRow): Pick<ShownRun, "parts"> {
  if (count === undefined) return {};
  const isJoined = new Map(readParts(ledger, id).map((part) => [part.part, part.isJoined]));
  const joinedCount = [...isJoined.values()].filter(Boolean).length;
  return { parts: { count, joinedCount, openCount: isJoined.size - joinedCount } };
}

/** All runs of a workspace, the newest first. */
export async function listRuns({ config }: OwnWorkspace): Promise<readonly RunRow[]> {
  const ledger = await openWorkspace(config);
  try {
    return readRuns(ledger);
  } finally {
    ledger.close();
  }
}
