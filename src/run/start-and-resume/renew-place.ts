import type { Config } from "../../config/read-config.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readRunFile, writeRunFile } from "../../workspace/run-folder.ts";

/**
 * A run as it is resumed. Until the first of its jobs exists, role, key and VPC are those that are set now: a run that was
 * refused for a wrong one is fixed by naming the right one. The bucket stays, for the ledger has its keys.
 */
export function renewPlace(
  paths: RunPaths,
  { roleArn, kmsKey, vpc }: Pick<Config, "roleArn" | "kmsKey" | "vpc">,
  shards: readonly ShardRow[],
): RunFile {
  const run = readRunFile(paths);
  const { place } = run;
  if (place === undefined || shards.some(({ attempt }) => attempt?.jobArn !== undefined)) return run;
  const renewed = {
    ...place,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(kmsKey === undefined ? {} : { kmsKey }),
    ...(vpc === undefined ? {} : { vpc }),
  };
  if (JSON.stringify(renewed) === JSON.stringify(place)) return run;
  writeRunFile(paths, { ...run, place: renewed });
  return { ...run, place: renewed };
}
