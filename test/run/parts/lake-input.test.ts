import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import { planParts } from "../../../src/run/parts/plan-parts.ts";
import { startParts } from "../../../src/run/parts/start-parts.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { findFailure } from "../../support/failure.ts";
import { writeFile } from "../../support/folder.ts";
import { type LocalRun, openLocalRun } from "../../support/local-run.ts";
import { countSent, followParts, makeTexts, queryRun, startTestParts, writeLake } from "../../support/parts-run.ts";
import { runToEnd } from "../../support/run-to-end.ts";

const quick = { quotas: ["min-records=10"] };
const ask = { prompt: "{{dt}} {{hour}}: {{text}}", model: "claude-haiku-4.5" } as const;

const files = {
  "reviews/dt=2026-01-01/hour=07/a.csv": makeTexts(0, 15),
  "reviews/dt=2026-01-01/hour=08/a.csv": makeTexts(15, 15),
  "reviews/dt=2026-01-02/hour=07/a.csv": makeTexts(30, 15),
  "reviews/dt=2026-01-02/hour=__HIVE_DEFAULT_PARTITION__/b%3A1.csv": makeTexts(45, 15),
  // What tools leave beside the data.
  "reviews/_SUCCESS": "",
  "reviews/_temporary/0/a.csv": makeTexts(900, 15),
  "reviews/dt=2026-01-01/hour=07/.a.csv.crc": "crc",
};

const rows = "SELECT id, dt, hour, answer FROM results";

/** Puts a lake into a bucket of the local service. */
async function upload({ server, folder }: LocalRun, lake: string): Promise<S3Client> {
  const s3 = new S3Client({
    endpoint: server.url,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  onTestFinished(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: "lake" }));
  for (const entry of readdirSync(lake, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await s3.send(new PutObjectCommand({ Bucket: "lake", Key: relative(lake, path), Body: readFileSync(path) }));
  }
  void folder;
  return s3;
}

async function startAsked(local: LocalRun, table: string, mostFiles: number, outputPath?: string): Promise<string> {
  const request = await readRequest({ first: table, ...ask }, parseRunOptions({}, "test"));
  const planned = await planParts(local.session, request, { mostFiles });
  return (await startParts(local.session, planned, outputPath)).runId;
}

describe("a pattern of S3", () => {
  it("is read in parts and as one run alike, with the folders' values as columns of text, and without what tools leave", async () => {
    const local = await openLocalRun(quick);
    await upload(local, writeLake(local.folder, files));
    const table = "s3://lake/reviews/**/*.csv";
    const id = await startAsked(local, table, 2);
    const parts = await followParts(local.session, id);
    const whole = await runToEnd(local.session, { first: table, ...ask, name: "whole" }, { fullRefresh: true });
    const found = await queryRun(parts, rows);
    expect(found).toHaveLength(60);
    expect(found).toEqual(await queryRun(whole, rows));
    expect(
      found.map(({ dt, hour }) => `${String(dt)} ${String(hour)}`).filter((each, at, all) => all.indexOf(each) === at),
    ).toEqual(["2026-01-01 07", "2026-01-01 08", "2026-01-02 07", "2026-01-02 null"]);
    expect(found[0]?.["answer"]).toContain("2026-01-01 07: text number 0");
    expect(parts.plan).toMatchObject({
      rowCount: 60,
      parts: { count: 2, fileCount: 4, rowCount: { low: 60, high: 60 } },
    });
  });

  it("gives its results a file a part into a folder of S3", async () => {
    const local = await openLocalRun(quick);
    const s3 = await upload(local, writeLake(local.folder, files));
    await followParts(local.session, await startAsked(local, "s3://lake/reviews/**/*.csv", 3, "s3://lake/answers/"));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: "lake", Prefix: "answers/" }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([
      "answers/part-00001.parquet",
      "answers/part-00002.parquet",
    ]);
  });

  it("that matches nothing is no file", async () => {
    const local = await openLocalRun(quick);
    await upload(local, writeLake(local.folder, files));
    await findFailure(() => startAsked(local, "s3://lake/reviews/*.csv", 1), "NO_SUCH_FILE");
    await findFailure(() => startAsked(local, "s3://no-such-lake/*.csv", 1), "NO_SUCH_FILE");
  });
});

describe("a manifest", () => {
  it("names the files, in its order, and counts the rows of the plan", async () => {
    const local = await openLocalRun(quick);
    const lake = writeLake(local.folder, files);
    const entries = Object.keys(files)
      .filter((path) => path.endsWith("a.csv") && !path.includes("_temporary"))
      .reverse()
      .map((path) => ({ url: path, meta: { content_length: makeSize(path), record_count: 15 } }));
    const manifest = writeFile(lake, "manifest.json", JSON.stringify({ entries }));
    const id = await startAsked(local, `manifest:${manifest}`, 1);
    const finished = await followParts(local.session, id);
    expect(
      await queryRun(
        finished,
        "SELECT DISTINCT dt, hour FROM results ORDER BY min(id::INT) OVER (PARTITION BY dt, hour)",
      ),
    ).toHaveLength(3);
    expect(await queryRun(finished, "SELECT id FROM results LIMIT 1")).toEqual([{ id: "30" }]);
    expect(finished.plan.parts).toMatchObject({ count: 3, rowCount: { low: 45, expected: 45, high: 45 } });
  });
});

const makeSize = (path: string): number => Buffer.byteLength(files[path as keyof typeof files]);

describe("files of a lake", () => {
  it("that have other folders than the first are named", async () => {
    const { session, folder } = await openLocalRun(quick);
    const lake = writeLake(folder, { "dt=1/a.csv": makeTexts(0, 15), "b.csv": makeTexts(15, 15) });
    const failure = await findFailure(
      () => startTestParts(session, join(lake, "**/*.csv"), { mostFiles: 1 }),
      "DIFFERENT_COLUMNS",
    );
    expect(failure.message).toContain("no folders with values");
  });

  it("that have changed since the run was planned are refused, by their size", async () => {
    const { session, folder } = await openLocalRun(quick);
    const lake = writeLake(folder, { "a.csv": makeTexts(0, 15), "b.csv": makeTexts(15, 15) });
    const id = await startTestParts(session, join(lake, "*.csv"), { mostFiles: 1 });
    appendFileSync(join(lake, "b.csv"), "99,more\n");
    const failure = await findFailure(() => followParts(session, id), "SOURCE_CHANGED");
    expect(failure.details).toMatchObject({ path: join(lake, "b.csv") });
  });

  it("without rows are parts without results, and stop nothing", async () => {
    const { session, folder } = await openLocalRun(quick);
    const lake = writeLake(folder, {
      "a.csv": makeTexts(0, 15),
      "b.csv": "id,text\n",
      "c.csv": "id,text\n1,\n2,\n",
      "d.csv": makeTexts(15, 15),
    });
    const id = await startTestParts(session, join(lake, "*.csv"), { mostFiles: 1 }, { skipEmpty: true });
    const finished = await followParts(session, id);
    expect(finished.summary).toMatchObject({ rowCount: 32, outcomeCounts: { answered: 30, skipped: 2 } });
    expect(await queryRun(finished, "SELECT count(*) AS n FROM results")).toEqual([{ n: 32 }]);
  });

  it("with fewer new records than a job takes are asked on demand where that is allowed, and say so where it is not", async () => {
    const { session, folder, server } = await openLocalRun(quick);
    const lake = writeLake(folder, { "a.csv": makeTexts(0, 15), "b.csv": makeTexts(15, 3) });
    const table = join(lake, "*.csv");
    const id = await startTestParts(session, table, { mostFiles: 1 });
    const failure = await findFailure(() => followParts(session, id), "TOO_FEW_RECORDS");
    expect(failure.details).toMatchObject({ recordCount: 3, minimum: 10 });
    const allowed = await startTestParts(session, table, { mostFiles: 1 }, { belowMinimum: "on-demand" });
    // It is the same run, and goes on as it was begun: what it may do is decided with it.
    expect(allowed).toBe(id);
    const other = await openLocalRun(quick);
    const own = await startTestParts(other.session, table, { mostFiles: 1 }, { belowMinimum: "on-demand" });
    const { summary } = await followParts(other.session, own);
    expect(summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 18 } });
    expect(summary.money?.parts.map(({ kind, requestCount }) => [kind, requestCount])).toEqual([
      ["batch", 15],
      ["on_demand", 3],
    ]);
    expect(await countSent(server.url)).toBe(15);
  });
});
