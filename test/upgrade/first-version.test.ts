import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BedrockClient, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { makeRunningClock } from "../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder } from "../support/folder.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const fixture = fileURLToPath(new URL("../fixtures/workspace-of-first-version/", import.meta.url));
const ids = JSON.parse(readFileSync(join(fixture, "ids.json"), "utf8")) as Record<string, string>;
const prompt = ["--prompt", "Mood of: {{text}}", "--model", "claude-haiku-4.5"];

let folder: string;
let server: LocalServer;
beforeEach(async () => {
  folder = makeFolder();
  cpSync(fixture, folder, { recursive: true });
  cpSync(join(folder, "workspace"), join(folder, ".halfprice"), { recursive: true });
  writeFileSync(join(folder, ".halfprice", ".gitignore"), "*\n");
  // The service goes on an hour after the workspace was left, whenever this is run.
  const openedAt = Date.now();
  const wallMs = (): number => Date.parse("2026-11-21T23:00:00Z") + (Date.now() - openedAt);
  const dataDir = join(folder, ".halfprice", "local");
  server = await startLocal({ dataDir, clock: makeRunningClock(6000, wallMs), seed: 1 });
  onTestFinished(() => server.close());
});

const halfprice = (...args: string[]): Promise<CliResult> => runCli(args, folder, { ...server.env });

async function countJobs(): Promise<number> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new BedrockClient({ endpoint: server.url, region: server.region, credentials });
  let count = 0;
  for await (const page of paginateListModelInvocationJobs({ client }, {}))
    count += page.invocationJobSummaries?.length ?? 0;
  client.destroy();
  return count;
}

interface Row {
  readonly id: string;
  readonly record: string;
  readonly outcome: string;
}

async function readRows(name: string): Promise<Row[]> {
  const engine = await openTestEngine(folder);
  const sql = `SELECT id::VARCHAR AS id, _halfprice_record_id AS record, _halfprice_outcome AS outcome FROM read_csv('${join(folder, `${name}-out.csv`)}', all_varchar = true)`;
  return (await engine.rows(sql)) as unknown as Row[];
}

/** The ids that the first version gave the records of a run, in the table's order. */
async function idsOfFirstVersion(name: string): Promise<string[]> {
  const engine = await openTestEngine(folder);
  const file = join(fixture, "workspace", "runs", ids[name] ?? "", "records.parquet");
  return (await engine.rows(`SELECT record_id FROM read_parquet('${file}')`)).map((row) => String(row["record_id"]));
}

describe("a workspace of the first version", () => {
  it("lists its runs as they were left", async () => {
    const { code, stdout } = await halfprice("runs", "--json");
    expect(code).toBe(0);
    for (const id of Object.values(ids)) expect(stdout).toContain(id);
  });

  it.each(["submitting", "inflight", "prepared", "ondemand"])(
    "resumes the run %s to its whole table, with no record sent twice and every id as it was",
    async (name) => {
      const jobsBefore = await countJobs();
      const { code, stderr } = await halfprice("resume", ids[name] ?? "", "--yes");
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
      const rows = await readRows(name);
      expect(rows.every(({ outcome }) => outcome === "answered")).toBe(true);
      expect(rows.map(({ record }) => record)).toEqual(await idsOfFirstVersion(name));
      // Only what was never sent becomes a job now.
      expect((await countJobs()) - jobsBefore).toBe(name === "prepared" ? 1 : 0);
    },
  );

  it("collects a run whose job has ended", async () => {
    let { code } = await halfprice("collect", ids["inflight"] ?? "");
    while (code === 5) ({ code } = await halfprice("collect", ids["inflight"] ?? ""));
    expect([code, (await readRows("inflight")).length]).toEqual([0, 110]);
  });

  it("leaves a run that has ended as it is, and exports its table", async () => {
    const done = await halfprice("resume", ids["done"] ?? "");
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining("has already ended")]);
    expect((await halfprice("stop", ids["stopped"] ?? "")).stderr).toContain("has already ended");
    expect((await halfprice("export", ids["done"] ?? "", "-o", "again.csv")).code).toBe(0);
    expect(readFileSync(join(folder, "again.csv"), "utf8").trim().split("\n")).toHaveLength(111);
  });

  it("retries what can get an answer", async () => {
    const { code } = await halfprice("retry", ids["partial"] ?? "", "--below-minimum", "on-demand", "--yes");
    // Two were refused by the model, and would be again.
    expect(code).toBe(4);
    const rows = await readRows("partial");
    expect(rows.filter(({ outcome }) => outcome === "answered")).toHaveLength(108);
  });

  it("serves a new run of the same table: the same ids, nothing sent", async () => {
    const args = [
      "run",
      "done.csv",
      ...prompt,
      "--schema",
      "schema.json",
      "--below-minimum",
      "on-demand",
      "--yes",
      "--json",
    ];
    const { code, stdout } = await halfprice(...args);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ rowCount: 110, recordCount: 0 })]);
  });

  it("is cleaned of every run that has ended", async () => {
    const { code, stdout } = await halfprice("clean", ids["done"] ?? "", "--yes");
    expect([code, stdout]).toEqual([0, expect.any(String)]);
    expect((await halfprice("export", ids["done"] ?? "", "-o", "gone.csv")).stderr).toContain("error RUN_CLEANED");
  });
});
