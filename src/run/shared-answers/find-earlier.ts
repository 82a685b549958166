import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import type { EarlierPlan, RecordSummary } from "../../foundation/types/index.ts";
import { excludedFile, excludeRecords } from "../../requests/exclude-records.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { countEarlier, takeEarlier, writeEarlier } from "../../results/earlier-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { fetchRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { findShared, type Sharing } from "./compatible-runs.ts";

/** Where a run keeps the answers that it took from other runs, below its directory; and which records it awaits from whom. */
export const earlierFile = "earlier.parquet";
/** The file of what is awaited from other runs, in a run's folder. */
export const awaitedFile = "awaited.parquet";
/** What the awaited ones came to. */
export const awaitedAnswersFile = "awaited-answers.parquet";

const read = (path: string): string => `read_parquet(${quoteText(path)})`;

/**
 * Takes out of what is sent the records that an earlier run of the workspace has answered, and those that another has in
 * flight. The answers are copied, so that the earlier run may go. Done again after a later look, it takes out what has come up
 * since.
 * @param summary what is sent before
 * @returns what is still sent, and what is not; the summary as it was where nothing is taken out
 */
export async function findEarlier(
  engine: Engine,
  sharing: Sharing,
  directory: string,
  summary: RecordSummary,
): Promise<{ readonly summary: RecordSummary; readonly earlier: EarlierPlan }> {
  const path = (name: string): string => join(directory, name);
  const left = existsSync(path(excludedFile))
    ? `AND record_id NOT IN (SELECT record_id FROM ${read(path(excludedFile))} WHERE reason <> 'canary')`
    : "";
  await findShared(
    engine,
    sharing,
    `(SELECT DISTINCT record_id FROM ${read(path(recordFiles.records))} WHERE record_id IS NOT NULL ${left})`,
  );
  await writeEarlier(engine, "earlier", path(earlierFile), true);
  await writeEarlier(engine, "awaited", path(awaitedFile), true);
  const found = await countEarlier(engine, [path(earlierFile)]);
  const waits = await engine.rows(
    `SELECT run_id, round, count(*) AS records FROM ${read(path(awaitedFile))} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const awaited = waits.map((each) => ({
    runId: String(each["run_id"]),
    round: Number(each["round"]),
    requestCount: Number(each["records"]),
  }));
  const earlier = { ...found, awaited };
  const [out = {}] = await engine.rows(
    "SELECT (SELECT count(*) FROM earlier) + (SELECT count(*) FROM awaited) AS records",
  );
  if (Number(out["records"]) === 0) return { summary, earlier };
  const relation = `(SELECT record_id, 'earlier' AS reason FROM earlier UNION ALL SELECT record_id, 'awaited' FROM awaited)`;
  return { summary: await excludeRecords(engine, directory, summary, relation), earlier };
}

/**
 * Takes what has come of the records that a run has awaited from others, once those have ended: their answers; where there is no
 * good one, what there is. A record that they did not answer is said to be missing; the run then sends it itself.
 */
export async function takeAwaited(engine: Engine, workspace: string, run: RunFile, directory: string): Promise<void> {
  const path = join(directory, awaitedFile);
  if (!existsSync(path)) return;
  const awaited = read(path);
  const ids = await engine.rows(`SELECT DISTINCT run_id FROM ${awaited} ORDER BY 1`);
  if (ids.length === 0) return;
  const own = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const target = join(directory, awaitedAnswersFile);
  const takeAll = async (how: "more" | "rest"): Promise<void> => {
    for (const { run_id: id } of ids) {
      const paths = runPaths(workspace, String(id));
      // A run that was given up, or cleaned since, may have lost its files, or some of their bytes.
      try {
        await fetchRun(paths, "answers");
        const other = readRunFile(paths);
        const columns = makeResultColumns(other.output, other.answerPrefix, other.answer);
        if (existsSync(paths.results))
          await takeEarlier(engine, "awaited_answers", [{ files: [paths.results], columns }], awaited, own, how);
      } catch {}
    }
  };
  await takeEarlier(engine, "awaited_answers", [], awaited, own);
  await takeAll("more");
  // What was taken once stays.
  if (existsSync(target)) {
    await engine.run(`
      INSERT INTO awaited_answers BY NAME SELECT * FROM ${read(target)}
      WHERE outcome = 'answered' AND record_id NOT IN (SELECT record_id FROM awaited_answers)`);
  }
  await takeAll("rest");
  await engine.run(`
    INSERT INTO awaited_answers BY NAME
    SELECT record_id, 'missing' AS outcome, concat('run ', any_value(run_id), ', which had it in flight, ended without an answer') AS error
    FROM ${awaited} WHERE record_id NOT IN (SELECT record_id FROM awaited_answers) GROUP BY record_id`);
  await writeEarlier(engine, "awaited_answers", target, false);
}
