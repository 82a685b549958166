import { existsSync } from "node:fs";
import { join } from "node:path";
import { numberedRows, quoteText } from "../../engine/sql.ts";
import type { SeenRun } from "../../ledger/look-at-runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { excludedFile } from "../../requests/exclude-records.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { findRoundFiles } from "../../requests/write-retries.ts";
import { type RunPaths, readPlanFile } from "../../workspace/run-folder.ts";

const read = (path: string): string => `read_parquet(${quoteText(path)})`;

/**
 * The records that a run has in flight, as SQL with record_id: those of its latest round, until the table with their answers is
 * written, and those of earlier rounds that were not collected yet. Of a run that was stopped only what was sent before.
 * @param shards read after the look: shards of later rounds are left out
 * @returns undefined where there are none
 */
export function inFlightSql(
  { round, isUnderWay, isStopped }: SeenRun,
  paths: RunPaths,
  shards: readonly ShardRow[],
): string | undefined {
  if (!isUnderWay) return undefined;
  const open = shards.filter((shard) => {
    if (shard.round > round || shard.closed === "unknown" || shard.closed === "gone" || shard.closed === "resent")
      return false;
    if (isStopped) return shard.state !== "collected" && shard.state !== "waiting" && shard.state !== "uploading";
    return shard.round === round || shard.state !== "collected";
  });
  const parts = [...new Set(open.filter((shard) => shard.round > 0).map(({ file }) => findRoundFiles(file).chain))]
    .map((chain) => join(paths.directory, chain))
    .filter(existsSync)
    .map((chain) => `SELECT record_id FROM ${read(chain)}`);
  const first = open.filter((shard) => shard.round === 0);
  const isAll = round === 0 && first.length === shards.filter((shard) => shard.round === 0).length;
  if (first.length > 0) parts.push(plannedSql(paths, isAll ? undefined : new Set(first.map(({ index }) => index))));
  return parts.length === 0 ? undefined : `(${parts.join(" UNION ")})`;
}

/** The records that a run planned to send itself, of all shards or of some; the canary is of them. */
function plannedSql(paths: RunPaths, only: ReadonlySet<number> | undefined): string {
  const records = join(paths.directory, recordFiles.records);
  const excluded = join(paths.directory, excludedFile);
  const isSent = existsSync(excluded)
    ? `AND record_id NOT IN (SELECT record_id FROM ${read(excluded)} WHERE reason <> 'canary')`
    : "";
  if (only === undefined) return `SELECT record_id FROM ${read(records)} WHERE record_id IS NOT NULL ${isSent}`;
  const plan = readPlanFile(paths);
  const ranges = plan.shards
    .filter(({ index }) => only.has(index))
    .map(({ fromRow, toRow }) => `(row >= ${fromRow} AND row < ${toRow})`);
  // A shard that the plan does not have is the canary.
  if (existsSync(excluded) && [...only].some((index) => !plan.shards.some((shard) => shard.index === index))) {
    ranges.push(`record_id IN (SELECT record_id FROM ${read(excluded)} WHERE reason = 'canary')`);
  }
  const isIn = ranges.length === 0 ? "false" : ranges.join(" OR ");
  return `SELECT record_id FROM ${numberedRows(records)} WHERE record_id IS NOT NULL AND (${isIn}) ${isSent}`;
}
