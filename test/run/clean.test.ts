import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimRun } from "../../src/ledger/claim-run.ts";
import { exportRun } from "../../src/run/finish/finish-run.ts";
import { planRetry } from "../../src/run/retry/plan-retry.ts";
import { startRetry } from "../../src/run/retry/start-retry.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { cleanRuns } from "../../src/workspace/clean-runs.ts";
import { planClean } from "../../src/workspace/plan-clean.ts";
import { queryResults } from "../../src/workspace/query-results.ts";
import { openWorkspace, type Session } from "../../src/workspace/session.ts";
import { listRuns, showRun } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";

const bucket = "test-bucket";

interface Scene {
  readonly session: Session;
  readonly id: string;
  readonly s3: S3Client;
  readonly folder: string;
  readonly listKeys: () => Promise<string[]>;
}

async function openScene(): Promise<Scene> {
  const { folder, session, server } = await openLocalRun();
  const id = await startTestRun(session, writeTexts(folder, 120));
  await driveRun(session, id, "follow");
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const s3 = new S3Client({ endpoint: server.url, region: server.region, credentials, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  const listKeys = async (): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = "" }) => Key);
  };
  return { session, id, s3, folder, listKeys };
}

describe("cleaning a run", () => {
  it("removes its objects, its unfinished uploads and its files, and nothing that is a stranger's", async () => {
    const { session, id, s3, listKeys } = await openScene();
    const { shards, paths } = await showRun(session, id);
    const jobId = shards[0]?.attempt?.jobArn?.split("/").at(-1);
    const strangers = [
      `halfprice/runs/${id}/notes.txt`,
      `halfprice/runs/${id}/input/other.jsonl`,
      `halfprice/runs/${id}/output/${jobId}/analysis.csv`,
      `halfprice/runs/${id}/output/zzzzzzzzzzzz/shard-00001.jsonl.out`,
      `halfprice/runs/${id}-copy/input/shard-00001.jsonl`,
      "halfprice/runs/another/input/shard-00001.jsonl",
      "somebody/else.txt",
    ].sort();
    for (const Key of strangers) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "mine" }));
    const begin = (Key: string) => s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    await begin(`halfprice/runs/${id}/input/shard-00001.jsonl`);
    await begin(`halfprice/runs/${id}/input/other.jsonl`);
    const [plan, ...more] = await planClean(session, [id], false);
    expect(more).toEqual([]);
    if (plan === undefined) return;
    expect(plan.objects.map(({ name }) => name.replace(String(jobId), "JOB")).sort()).toEqual([
      `halfprice/runs/${id}/input/shard-00001.jsonl`,
      `halfprice/runs/${id}/output/JOB/manifest.json.out`,
      `halfprice/runs/${id}/output/JOB/shard-00001.jsonl.out`,
    ]);
    expect([plan.uploads.length, plan.strangers.length]).toEqual([1, 4]);
    expect(plan.objects.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true);
    // Planned is not removed.
    expect(existsSync(paths.results)).toBe(true);
    await cleanRuns(session, [plan]);
    expect((await listKeys()).sort()).toEqual(strangers);
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.map(({ Key }) => Key)).toEqual([`halfprice/runs/${id}/input/other.jsonl`]);
    expect(readdirSync(paths.directory).sort()).toEqual(["plan.json", "run.json"]);
    expect(await planClean(session, undefined, false)).toEqual([]);
  });

  it("leaves what it has cost, and says that the rest is gone to whoever wants it", async () => {
    const { session, id, folder } = await openScene();
    const before = (await listRuns(session))[0];
    await cleanRuns(session, await planClean(session, undefined, false));
    expect((await listRuns(session))[0]).toEqual(before);
    const { paths } = await showRun(session, id);
    for (const use of [
      () => driveRun(session, id, "follow"),
      () => planRetry(session, id, {}),
      () => exportRun(paths, `${folder}/again.csv`),
      () => queryResults(paths, "SELECT 1"),
    ]) {
      expect((await findFailure(use)).code).toBe("RUN_CLEANED");
    }
  });

  it("leaves its table where that is wanted", async () => {
    const { session, id, folder } = await openScene();
    await cleanRuns(session, await planClean(session, [id], true));
    const { paths } = await showRun(session, id);
    expect(readdirSync(paths.directory).sort()).toEqual(["plan.json", "report.html", "results.parquet", "run.json"]);
    await exportRun(paths, `${folder}/again.csv`);
    expect(existsSync(`${folder}/again.csv`)).toBe(true);
  });

  it("that is under way is refused, and left out where all are asked for", async () => {
    const { folder, session } = await openLocalRun({ speed: 60 });
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "once");
    expect((await findFailure(() => planClean(session, [id], false))).code).toBe("RUN_UNFINISHED");
    expect(await planClean(session, undefined, false)).toEqual([]);
  });

  it("that has come under way since it was planned is left alone, and said so", async () => {
    const { folder, session } = await openLocalRun({ faults: { records: [{ fault: "throttled", times: 110 }] } });
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "follow");
    const plans = await planClean(session, [id], false);
    await startRetry(session, await planRetry(session, id, {}));
    expect(await cleanRuns(session, plans)).toEqual({
      removed: [],
      left: [{ runId: id, reason: "it has come under way since" }],
    });
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(120);
    // Nor is what has changed since the plan and ended again.
    expect(await cleanRuns(session, plans)).toEqual({
      removed: [],
      left: [{ runId: id, reason: "it has changed since" }],
    });
    expect(existsSync((await showRun(session, id)).paths.results)).toBe(true);
  });

  it("that another process works on is left alone, and no retry begins meanwhile", async () => {
    const { folder, session } = await openLocalRun({ faults: { records: [{ fault: "throttled", times: 110 }] } });
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "follow");
    const plans = await planClean(session, [id], false);
    const retry = await planRetry(session, id, {});
    const ledger = await openWorkspace(session.config);
    onTestFinished(() => ledger.close());
    await claimRun(ledger, id, { pid: 1, host: "elsewhere", isAlive: () => true }, Date.now());
    expect(await cleanRuns(session, plans)).toMatchObject({ removed: [], left: [{ runId: id }] });
    expect((await findFailure(() => startRetry(session, retry))).code).toBe("RUN_BUSY");
    expect(existsSync((await showRun(session, id)).paths.results)).toBe(true);
  });

  it("whose answers another run waits for stays until that one has them", async () => {
    const { folder, session } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "once");
    const own = await startTestRun(
      session,
      writeFile(folder, "more.csv", readFileSync(writeTexts(folder, 250), "utf8")),
    );
    await driveRun(session, id, "follow");
    expect((await findFailure(() => planClean(session, [id], false))).code).toBe("RUN_AWAITED");
    expect(await planClean(session, undefined, false)).toEqual([]);
    await driveRun(session, own, "follow");
    expect(await planClean(session, undefined, false)).toHaveLength(2);
  });
});
