import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Cell, openEngine } from "../../src/engine/engine.ts";
import { quoteText } from "../../src/engine/sql.ts";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { type LocalOptions } from "../../src/local/index.ts";
import { openClients } from "../../src/run/clients/open-clients.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { driveParts } from "../../src/run/parts/drive-parts.ts";
import { type PartSize } from "../../src/run/parts/part-list.ts";
import { workHere } from "../../src/run/parts/part-tasks.ts";
import { passParts } from "../../src/run/parts/pass-parts.ts";
import { planParts } from "../../src/run/parts/plan-parts.ts";
import { startParts } from "../../src/run/parts/start-parts.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { readRunFile, runPaths } from "../../src/workspace/run-folder.ts";
import { openWorkspace, type Session } from "../../src/workspace/session.ts";
import { type LocalRun, openLocalRun } from "./local-run.ts";

/** What the tests ask of every row. */
export const repeatText = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" } as const;

/** Writes files of a lake, by their paths in it. @returns its folder */
export function writeLake(folder: string, files: Readonly<Record<string, string>>): string {
  const lake = join(folder, "lake");
  for (const [path, text] of Object.entries(files)) {
    const file = join(lake, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return lake;
}

/** A CSV of rows with an id and a text, from a number on. */
export function makeTexts(from: number, count: number, textOf = (id: number): string => `text number ${id}`): string {
  const rows = Array.from({ length: count }, (_, index) => `${from + index},${textOf(from + index)}`);
  return `id,text\n${rows.join("\n")}\n`;
}

/** The files of a lake, of twenty rows each: `0.csv`, `1.csv` and so on. */
export function makeFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.csv`, makeTexts(at * 20, 20)]));
}

/** Plans and begins a run in parts. @returns its id */
export async function startTestParts(
  session: Session,
  table: string,
  size: PartSize,
  options: Partial<RunOptions> = {},
  outputPath?: string,
): Promise<string> {
  const usual = { ...parseRunOptions({}, "test"), ...options };
  const request = await readRequest({ first: table, ...repeatText }, usual);
  const planned = await planParts(session, request, size);
  return (await startParts(session, planned, outputPath)).runId;
}

export interface PartsRun extends LocalRun {
  readonly lake: string;
  /** The pattern of its files. */
  readonly table: string;
  readonly id: string;
}

/** A run that has begun over files of twenty rows, each a part, on a local service of its own. */
export async function openPartsRun(
  fileCount: number,
  service: LocalOptions = {},
  options: Partial<RunOptions> = {},
): Promise<PartsRun> {
  const local = await openLocalRun({ quotas: ["min-records=10"], ...service });
  const lake = writeLake(local.folder, makeFiles(fileCount));
  const table = join(lake, "*.csv");
  return { ...local, lake, table, id: await startTestParts(local.session, table, { mostFiles: 1 }, options) };
}

/** Follows a run in parts to its end, in this process. */
export async function followParts(session: Session, id: string): Promise<FinishedRun> {
  const { finished } = await driveParts(session, id, "follow", () => workHere(session, id));
  if (finished === undefined) throw new Error("the run did not end");
  return finished;
}

/** Rows of a query over a run's results, one file or many, which it calls `results`. */
export async function queryRun({ paths }: Pick<FinishedRun, "paths">, query: string): Promise<Record<string, Cell>[]> {
  const engine = await openEngine({ tempDirectory: join(paths.directory, "spill") });
  try {
    const file = quoteText(paths.results);
    await engine.run(`CREATE VIEW results AS SELECT * FROM read_parquet(${file}, hive_partitioning = false)`);
    return await engine.rows(query);
  } finally {
    engine.close();
  }
}

/** What the service's jobs were given, by its own count. */
export async function countSent(url: string): Promise<number> {
  const read = async <Body>(path: string): Promise<Body> => (await (await fetch(`${url}${path}`)).json()) as Body;
  type Jobs = { invocationJobSummaries: { jobArn: string }[] };
  const { invocationJobSummaries: jobs } = await read<Jobs>("/model-invocation-jobs?maxResults=1000");
  const counts = await Promise.all(
    jobs.map(({ jobArn }) => read<{ totalRecordCount: number }>(`/model-invocation-job/${encodeURIComponent(jobArn)}`)),
  );
  return counts.reduce((sum, { totalRecordCount }) => sum + totalRecordCount, 0);
}

/** What whoever drives the run does, until the jobs of all parts that are prepared have ended. */
export async function sendAll(session: Session, id: string): Promise<void> {
  const ledger = await openWorkspace(session.config);
  const run = readRunFile(runPaths(session.config.workspace, id));
  const clients = await openClients(session, ledger, run, {});
  try {
    for (;;) {
      const { states } = await passParts({ session, ledger, clients, run, mayStart: () => true });
      if (states.every(({ step }) => step === "join" || step === "done" || step === "prepare")) return;
      await session.sleep(50);
    }
  } finally {
    await clients.close();
    ledger.close();
  }
}
