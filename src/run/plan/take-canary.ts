import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunOptions } from "../../foundation/options/run-options.ts";
import type { JobLimits, RecordSummary } from "../../foundation/types/index.ts";
import type { CanaryRecords } from "../../plan/make-plan.ts";
import { excludedFile, excludeRecords, leaveCanary } from "../../requests/exclude-records.ts";
import { recordFiles } from "../../requests/record-files.ts";

/** What is sent, and what of it is wanted before the rest. */
export interface CanaryWish {
  readonly summary: RecordSummary;
  readonly canary: NonNullable<RunOptions["canary"]>;
  readonly limits: Pick<JobLimits, "minRecordsPerJob">;
  /** Other runs have answered some of the table, or have it in flight. */
  readonly isShared: boolean;
}

/**
 * Takes records at random out of what is sent, to be asked before the rest; the same seed takes the same. So many are left that
 * the rest still makes a job.
 * @throws BAD_OPTIONS where none can be spared
 */
export async function takeCanary(
  engine: Engine,
  directory: string,
  { summary, canary: { count, seed }, limits: { minRecordsPerJob }, isShared }: CanaryWish,
): Promise<{ readonly summary: RecordSummary; readonly canary?: CanaryRecords }> {
  const { recordCount } = summary;
  const spare = recordCount < minRecordsPerJob ? recordCount : recordCount - minRecordsPerJob;
  const taken = Math.min(count, spare);
  // What is left beside the answers of other runs may be too few; those have shown how the model answers.
  if (taken === 0 && isShared) return { summary };
  if (taken === 0) {
    const problem = `--canary ${count}: of ${recordCount} records none can be spared, since a job needs ${minRecordsPerJob}; halfprice try asks a few rows`;
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
  }
  const read = (name: string): string => `read_parquet(${quoteText(join(directory, name))})`;
  const excluded = existsSync(join(directory, excludedFile))
    ? `AND record_id NOT IN (SELECT record_id FROM ${read(excludedFile)})`
    : "";
  await engine.run(`
    CREATE OR REPLACE TABLE canary AS
      SELECT record_id, 'canary' AS reason, any_value(input_tokens) AS input_tokens, any_value(size_bytes) AS size_bytes FROM ${read(recordFiles.records)}
      WHERE record_id IS NOT NULL ${excluded} GROUP BY record_id ORDER BY md5(concat(${seed}, ':', record_id)) LIMIT ${taken}`);
  const [sum = {}] = await engine.rows(
    "SELECT sum(input_tokens)::BIGINT AS tokens, sum(size_bytes)::BIGINT AS bytes FROM canary",
  );
  const rest = await excludeRecords(engine, directory, summary, "canary");
  const canary = { recordCount: taken, sizeBytes: Number(sum["bytes"]), inputTokens: Number(sum["tokens"]) };
  return { summary: rest, canary };
}

/**
 * Looks at a canary again, after more was taken out of what is sent: what of it another run has answered or in flight is not
 * asked here either.
 * @returns undefined where nothing of it is left
 */
export async function keepCanary(engine: Engine, directory: string): Promise<CanaryRecords | undefined> {
  const path = (name: string): string => join(directory, name);
  const read = (name: string): string => `read_parquet(${quoteText(path(name))})`;
  await leaveCanary(engine, directory);
  const [sum = {}] = await engine.rows(`
    SELECT count(*) AS records, sum(tokens)::BIGINT AS tokens, sum(bytes)::BIGINT AS bytes FROM (
      SELECT record_id, any_value(input_tokens) AS tokens, any_value(size_bytes) AS bytes FROM ${read(recordFiles.records)}
      WHERE record_id IN (SELECT record_id FROM ${read(excludedFile)} WHERE reason = 'canary') GROUP BY 1)`);
  const recordCount = Number(sum["records"]);
  if (recordCount === 0) return undefined;
  return { recordCount, sizeBytes: Number(sum["bytes"]), inputTokens: Number(sum["tokens"]) };
}
