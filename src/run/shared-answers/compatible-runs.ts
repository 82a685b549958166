import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import type { Look, SeenRun } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readShards } from "../../ledger/shards.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { takeEarlier } from "../../results/earlier-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { fetchRun } from "../../workspace/fetch-run.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { partResults } from "../../workspace/part-files.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { inFlightSql } from "./in-flight.ts";

/** What of a run decides whether another's answers can serve it: the record's name says all else. */
export type RequestKey = Pick<RunFile, "origin" | "output" | "answer" | "answerPrefix">;

/** Another run whose answers have the same shape. */
export interface CompatibleRun {
  readonly seen: SeenRun;
  readonly run: RunFile;
  readonly paths: RunPaths;
  /** The files with its answers; none before it has any. */
  readonly results: readonly string[];
}

/**
 * Answers of parts that are looked through for those of another, in bytes of their files: of a run in thousands of parts all of them would
 * be read for each.
 */
const mostPartBytes = 4 * 1024 ** 3;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/**
 * Of runs that were seen, those whose answers have the same shape; the newest first. A run whose files are gone or broken has
 * nothing to give: it is passed over. Parts that are joined count as what their run has so far; those under way as nothing, since nobody
 * waits for them.
 */
export function findCompatibleRuns(
  seen: Iterable<SeenRun>,
  workspace: string,
  { output, answer }: Pick<RequestKey, "output" | "answer">,
  ownId?: string,
): CompatibleRun[] {
  return gatherParts(seen)
    .sort((one, other) => (one.seen.id < other.seen.id ? 1 : -1))
    .flatMap(({ seen: each, parts }) => {
      if (each.id === ownId) return [];
      const paths = runPaths(workspace, each.id);
      const run = findRunFile(paths);
      if (run === undefined || run.isTrial === true) return [];
      if (!isSame(run.output, output) || !isSame(run.answer, answer)) return [];
      const results = parts === undefined ? [paths.results].filter(existsSync) : listParts(workspace, each.id, parts);
      return [{ seen: each, run, paths, results }];
    });
}

interface Gathered {
  readonly seen: SeenRun;
  /** The parts that are joined; undefined for a run that has none. */
  readonly parts?: ReadonlySet<number>;
}

function gatherParts(seen: Iterable<SeenRun>): Gathered[] {
  const runs: Gathered[] = [];
  const joined = new Map<string, { readonly seen: SeenRun; readonly parts: Set<number> }>();
  for (const each of seen) {
    const { partOf: id, part } = each;
    if (id === undefined || part === undefined) runs.push({ seen: each });
    else if (!each.isUnderWay) {
      const group = joined.get(id) ?? { seen: { ...each, id }, parts: new Set<number>() };
      joined.set(id, group);
      group.parts.add(part);
    }
  }
  return [...runs.filter((run) => !joined.has(run.seen.id)), ...joined.values()];
}

/** The results of parts, the latest parts first, as many as are looked through. */
function listParts(workspace: string, runId: string, parts: ReadonlySet<number>): string[] {
  let sizeBytes = 0;
  const files: string[] = [];
  for (const part of [...parts].sort((one, other) => other - one)) {
    const file = join(workspace, partResults(runId, part));
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) continue;
    sizeBytes += found.size;
    if (sizeBytes > mostPartBytes) break;
    files.push(file);
  }
  return files;
}

function findRunFile(paths: RunPaths): RunFile | undefined {
  try {
    return existsSync(paths.runFile) ? readRunFile(paths) : undefined;
  } catch {
    return undefined;
  }
}

/** Brings what is looked through of a run to this disk: its table, or those of its latest parts; and its records, where they are in flight. */
async function fetchAnswers(workspace: string, { id, isUnderWay }: SeenRun, paths: RunPaths): Promise<void> {
  await fetchRun(paths, isUnderWay ? "records" : "answers");
  const files = filesOf(workspace);
  let sizeBytes = 0;
  for (const each of [...(await files.list(`runs/${id}/results`))].sort((one, other) =>
    one.path < other.path ? 1 : -1,
  )) {
    sizeBytes += each.sizeBytes;
    if (sizeBytes > mostPartBytes) break;
    await files.fetch(each.path);
  }
}

/** What is looked at when answers of other runs are taken. */
export interface Sharing {
  readonly ledger: Ledger;
  readonly workspace: string;
  readonly look: Look;
  readonly asked: RequestKey;
  /** A relation of record_id and former_id: under which names older versions knew the records. */
  readonly former?: string | undefined;
  /** The run that is asking, where the ledger knows it already. */
  readonly ownId?: string;
  /** The round in which it would wait: 0 as planned. */
  readonly ownRound?: number;
  /** A part of a run waits for nobody: what others have in flight it sends itself. @defaultValue false */
  readonly isPart?: boolean;
  readonly onTrouble: (message: string) => void;
}

/**
 * Finds records that need not be sent, as two tables of the engine: `earlier` with the answers that other runs have, and
 * `awaited` (record_id, run_id, round, own_round) with those that other runs have in flight.
 * @param answerable a relation with record_id: what is looked for among answers
 * @param sendable the same: what is looked for among records in flight
 */
export async function findShared(
  engine: Engine,
  { ledger, workspace, look, asked, former, ownId, ownRound = 0, isPart = false, onTrouble }: Sharing,
  answerable: string,
  sendable: string = answerable,
): Promise<void> {
  const own = makeResultColumns(asked.output, asked.answerPrefix, asked.answer);
  await takeEarlier(engine, "earlier", [], answerable, own);
  await engine.run(
    "CREATE OR REPLACE TABLE awaited (record_id VARCHAR, run_id VARCHAR, round INTEGER, own_round INTEGER)",
  );
  // A broken file of another run costs its answers, and stops nothing.
  const tolerate = async (id: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onTrouble(`run ${id} is passed over: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  };
  for (const { seen, paths } of findCompatibleRuns(look.values(), workspace, asked, ownId))
    await tolerate(seen.id, () => fetchAnswers(workspace, seen, paths));
  const compatible = findCompatibleRuns(look.values(), workspace, asked, ownId);
  for (const { seen, run, results } of compatible) {
    if (results.length === 0) continue;
    const columns = makeResultColumns(run.output, run.answerPrefix, run.answer);
    await tolerate(seen.id, () =>
      takeEarlier(engine, "earlier", [{ files: results, columns }], answerable, own, "more", former),
    );
  }
  for (const { seen, run, paths } of compatible) {
    // It may have to be resumed, which only its own region can do.
    if (isPart || !seen.isUnderWay || run.origin.region !== asked.origin.region) continue;
    if (!existsSync(join(paths.directory, recordFiles.records))) continue;
    await tolerate(seen.id, async () => {
      const inFlight = inFlightSql(seen, paths, readShards(ledger, seen.id));
      if (inFlight === undefined) return;
      await engine.run(`
        INSERT INTO awaited SELECT DISTINCT record_id, ${quoteText(seen.id)}, ${seen.round}, ${ownRound} FROM ${inFlight}
        WHERE record_id IN (SELECT record_id FROM ${sendable}) AND record_id NOT IN (SELECT record_id FROM earlier)
          AND record_id NOT IN (SELECT record_id FROM awaited)`);
    });
  }
}
