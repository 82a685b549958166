import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/index.ts";
import { makeFolder, writeFile } from "./folder.ts";
import { placeOn } from "./local-place.ts";
import { makeCsv } from "./records.ts";
import { type CliResult, type RunningCli, runCli, startCli } from "./run-cli.ts";

/** A workspace beside a local service that counts what it is asked. */
export interface Race {
  readonly folder: string;
  readonly server: LocalServer;
  readonly env: Record<string, string>;
  /** Runs a command in the workspace. */
  run(...args: string[]): Promise<CliResult>;
  start(...args: string[]): RunningCli;
  /** The arguments of a run over rows from..to, each its own text; writes its table. */
  runArgs(name: string, from: number, to: number, ...more: string[]): string[];
  /** Records that the service had in jobs, by its own count. */
  countBatch(): Promise<number>;
  /** Requests on demand that the service answered, by its own log. */
  countOnDemand(): number;
  /** How many of rows from..to the table of such a run has with an answer. */
  countAnswered(name: string): number;
}

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5"];

export async function openRace(options: LocalOptions = {}): Promise<Race> {
  const folder = makeFolder();
  let onDemand = 0;
  const server = await startLocal({
    speed: 2000,
    seed: 1,
    quotas: ["min-records=1"],
    log: (line) => {
      if (/POST \/model\/\S+\/(invoke|converse) 200 /.test(line)) onDemand += 1;
    },
    ...options,
  });
  onTestFinished(() => server.close());
  const { env } = await placeOn(server);
  const read = async <Body>(path: string): Promise<Body> =>
    (await (await fetch(`${server.url}${path}`)).json()) as Body;
  return {
    folder,
    server,
    env,
    run: (...args) => runCli(args, folder, env),
    start: (...args) => startCli(args, folder, env),
    runArgs(name, from, to, ...more) {
      const rows = Array.from({ length: to - from }, (_, index) => [`${from + index}`, `text number ${from + index}`]);
      writeFile(folder, `${name}.csv`, makeCsv(["id", "text"], rows));
      return ["run", `${name}.csv`, ...prompt, "--yes", "-o", `${name}-out.jsonl`, ...more];
    },
    async countBatch() {
      type Jobs = { invocationJobSummaries: { jobArn: string }[] };
      const { invocationJobSummaries: jobs } = await read<Jobs>("/model-invocation-jobs?maxResults=1000");
      const counts = await Promise.all(
        jobs.map(({ jobArn }) =>
          read<{ totalRecordCount?: number }>(`/model-invocation-job/${encodeURIComponent(jobArn)}`),
        ),
      );
      return counts.reduce((sum, { totalRecordCount = 0 }) => sum + totalRecordCount, 0);
    },
    countOnDemand: () => onDemand,
    countAnswered(name) {
      const lines = readFileSync(join(folder, `${name}-out.jsonl`), "utf8")
        .trim()
        .split("\n");
      const rows = lines.map((line) => JSON.parse(line) as { _halfprice_outcome: string });
      return rows.filter(({ _halfprice_outcome: outcome }) => outcome === "answered").length;
    },
  };
}

/** Waits for all of some processes, which have to end well. */
export async function endWell(processes: readonly RunningCli[]): Promise<void> {
  for (const { code, stdout, stderr } of await Promise.all(processes.map(({ done }) => done))) {
    expect(code, `${stdout}${stderr}`).toBe(0);
  }
}
