import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { type RunRow, readRuns } from "../ledger/runs.ts";
import { findFormerIds } from "../requests/former-ids.ts";
import { recordFiles } from "../requests/record-files.ts";
import { takeOut, unsentFile } from "../requests/take-out.ts";
import { countEarlier, takeEarlier, writeEarlier } from "../results/earlier-answers.ts";
import { makeResultColumns } from "../results/result-columns.ts";
import type { EarlierPlan, RecordSummary } from "../types.ts";
import { type RunFile, type RunPaths, readRunFile, runPaths } from "./run-directory.ts";

/** Where a run keeps the answers that it took from earlier ones, below its directory; and which records it awaits from whom. */
export const earlierFile = "earlier.parquet";
export const awaitedFile = "awaited.parquet";
/** What the awaited ones came to. */
export const awaitedAnswersFile = "awaited-answers.parquet";

/** What of a run decides whether another's answers can serve it: the record's name says all else. */
export type Asked = Pick<RunFile, "origin" | "output" | "answer" | "answerPrefix">;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** Other runs of the same account, or of the local service, whose answers have the same shape; the newest first. */
export function findKin(
  ledger: Ledger,
  workspace: string,
  asked: Asked,
): { row: RunRow; run: RunFile; paths: RunPaths }[] {
  const { origin, output, answer } = asked;
  return readRuns(ledger).flatMap((row) => {
    if (row.origin.kind !== origin.kind || row.origin.accountId !== origin.accountId) return [];
    const paths = runPaths(workspace, row.id);
    if (!existsSync(paths.runFile)) return [];
    const run = readRunFile(paths);
    return isSame(run.output, output) && isSame(run.answer, answer) ? [{ row, run, paths }] : [];
  });
}

/**
 * Takes out of what is sent the records that an earlier run of the workspace has answered, and those that another has in
 * flight. The answers are copied, so that the earlier run may go.
 * @returns what is still sent, and what is not; the summary as it was where nothing is taken out
 */
export async function findEarlier(
  engine: Engine,
  ledger: Ledger,
  workspace: string,
  asked: Asked,
  directory: string,
  summary: RecordSummary,
): Promise<{ readonly summary: RecordSummary; readonly earlier: EarlierPlan }> {
  const kin = findKin(ledger, workspace, asked);
  const read = (path: string): string => `read_parquet(${quoteText(path)})`;
  const ended = kin.filter(({ paths }) => existsSync(paths.results));
  const running = kin.filter(
    ({ row, paths }) =>
      ["prepared", "running", "collected"].includes(row.state) &&
      // It may have to be taken up, which only its own region can do.
      row.origin.region === asked.origin.region &&
      existsSync(join(paths.directory, recordFiles.records)),
  );
  const wanted = `(SELECT DISTINCT record_id FROM ${read(join(directory, recordFiles.records))} WHERE record_id IS NOT NULL)`;
  const own = makeResultColumns(asked.output, asked.answerPrefix, asked.answer);
  const results = ended.map(({ run, paths }) => ({
    file: paths.results,
    columns: makeResultColumns(run.output, run.answerPrefix, run.answer),
  }));
  await takeEarlier(engine, "earlier", results, wanted, own, findFormerIds(directory));
  await engine.run("CREATE OR REPLACE TABLE awaited (record_id VARCHAR, run_id VARCHAR)");
  for (const { row, paths } of running) {
    // What the other does not send itself is not in flight there.
    const unsent = join(paths.directory, unsentFile);
    await engine.run(`
      INSERT INTO awaited SELECT DISTINCT record_id, ${quoteText(row.id)} FROM ${read(join(paths.directory, recordFiles.records))}
      WHERE record_id IN (SELECT record_id FROM ${wanted}) AND record_id NOT IN (SELECT record_id FROM earlier)
        AND record_id NOT IN (SELECT record_id FROM awaited)
        ${existsSync(unsent) ? `AND record_id NOT IN (SELECT record_id FROM ${read(unsent)})` : ""}`);
  }
  const waits = await engine.rows("SELECT run_id, count(*) AS records FROM awaited GROUP BY 1 ORDER BY 1");
  await writeEarlier(engine, "earlier", join(directory, earlierFile));
  await writeEarlier(engine, "awaited", join(directory, awaitedFile));
  const found = await countEarlier(engine, [join(directory, earlierFile)]);
  const awaited = waits.map((each) => ({ runId: String(each["run_id"]), requestCount: Number(each["records"]) }));
  const earlier = { ...found, awaited };
  if (found.requestCount === 0 && awaited.length === 0) return { summary, earlier };
  const out = `(SELECT record_id, 'earlier' AS reason FROM earlier UNION ALL SELECT record_id, 'awaited' FROM awaited)`;
  return { summary: await takeOut(engine, directory, summary, out), earlier };
}

/**
 * Takes the answers that a run has awaited from others, once those have ended. A record that they did not answer is said to be
 * missing; a retry sends it.
 */
export async function takeAwaited(engine: Engine, workspace: string, run: RunFile, directory: string): Promise<void> {
  const path = join(directory, awaitedFile);
  if (!existsSync(path)) return;
  const awaited = `read_parquet(${quoteText(path)})`;
  const ids = await engine.rows(`SELECT DISTINCT run_id FROM ${awaited}`);
  if (ids.length === 0) return;
  const results = ids.flatMap(({ run_id: id }) => {
    const paths = runPaths(workspace, String(id));
    if (!existsSync(paths.results)) return [];
    const other = readRunFile(paths);
    return [{ file: paths.results, columns: makeResultColumns(other.output, other.answerPrefix, other.answer) }];
  });
  const own = makeResultColumns(run.output, run.answerPrefix, run.answer);
  await takeEarlier(engine, "awaited_answers", results, awaited, own);
  await engine.run(`
    INSERT INTO awaited_answers BY NAME
    SELECT record_id, 'missing' AS outcome, concat('run ', run_id, ', which had it in flight, ended without an answer') AS error
    FROM ${awaited} WHERE record_id NOT IN (SELECT record_id FROM awaited_answers)`);
  await writeEarlier(engine, "awaited_answers", join(directory, awaitedAnswersFile));
}
