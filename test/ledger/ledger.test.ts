import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimRun, releaseRun } from "../../src/ledger/claim-run.ts";
import { type Ledger, openLedger } from "../../src/ledger/open-ledger.ts";
import { findRun, findUnfinishedRun, type NewRun, readRuns, recordRun, recordRunState } from "../../src/ledger/runs.ts";
import { recordLook, recordSubmitted } from "../../src/ledger/seen-jobs.ts";
import { readShards, recordCollected, recordSubmitting, recordUploading } from "../../src/ledger/shards.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";

const run: NewRun = {
  id: "20261121-120000-aaaaa",
  name: "reviews",
  fingerprint: "f1",
  origin: { kind: "aws", accountId: "123456789012", region: "us-east-1" },
  modelLabel: "Claude Haiku 4.5",
  rowCount: 300,
  recordCount: 250,
  createdAt: 1000,
  outputPath: "out.parquet",
  estimateUsd: { low: 0.5, expected: 1, high: 3 },
  shards: [
    { index: 0, recordCount: 125, fromByte: 0, sizeBytes: 10 },
    { index: 1, recordCount: 125, fromByte: 10, sizeBytes: 20 },
  ],
};
const key = { runId: run.id, index: 0, attempt: 1 };
const names = { jobName: "n-1", clientToken: "t-1", inputUri: "s3://b/in", outputUri: "s3://b/out/" };

function open(folder = makeFolder()): Ledger {
  const ledger = openLedger(join(folder, ".halfprice"));
  onTestFinished(() => ledger.close());
  return ledger;
}

describe("the ledger", () => {
  it("is in a workspace that only its owner can read and git ignores", () => {
    const folder = makeFolder();
    open(folder);
    expect(statSync(join(folder, ".halfprice")).mode & 0o777).toBe(0o700);
    expect(execFileSync("cat", [join(folder, ".halfprice", ".gitignore")], { encoding: "utf8" })).toBe("*\n");
  });

  it("keeps a run with its shards, and finds it by its fingerprint until it is done", async () => {
    const ledger = open();
    await recordRun(ledger, run, () => undefined);
    expect(findRun(ledger, run.id)).toMatchObject({
      state: "prepared",
      name: "reviews",
      rowCount: 300,
      outputPath: "out.parquet",
    });
    expect(findUnfinishedRun(ledger, "f1")?.id).toBe(run.id);
    expect(readShards(ledger, run.id).map(({ state, attempt }) => [state, attempt])).toEqual([
      ["waiting", undefined],
      ["waiting", undefined],
    ]);
    await recordRunState(ledger, run.id, "done", 2000);
    expect(findUnfinishedRun(ledger, "f1")).toBeUndefined();
    expect(readRuns(ledger).map(({ state, updatedAt }) => [state, updatedAt])).toEqual([["done", 2000]]);
  });

  it("takes a shard from announcement to collection, and keeps what the service counted", async () => {
    const ledger = open();
    await recordRun(ledger, run, () => undefined);
    const stateOf = (): string | undefined => readShards(ledger, run.id)[0]?.state;
    await recordUploading(ledger, key, names, 1);
    expect([stateOf(), findRun(ledger, run.id)?.state]).toEqual(["uploading", "running"]);
    await recordSubmitting(ledger, key, 2);
    expect(stateOf()).toBe("submitting");
    await recordSubmitted(ledger, key, "arn:job/1", 3);
    expect(readShards(ledger, run.id)[0]?.attempt).toMatchObject({
      ...names,
      jobArn: "arn:job/1",
      status: "Submitted",
      submittedAt: 3,
    });
    await recordLook(
      ledger,
      [
        {
          key,
          foundArn: undefined,
          seen: {
            status: "InProgress",
            message: undefined,
            counts: { total: 125, processed: 5, success: 5, error: 0 },
            endedAt: undefined,
          },
        },
      ],
      4,
    );
    expect(stateOf()).toBe("submitted");
    await recordLook(
      ledger,
      [{ key, foundArn: undefined, seen: { status: "Failed", message: "why", counts: undefined, endedAt: 5 } }],
      5,
    );
    expect(readShards(ledger, run.id)[0]).toMatchObject({
      state: "ended",
      attempt: { message: "why", counts: { total: 125, processed: 5 } },
    });
    await recordCollected(ledger, key, '{"a":1}', 6);
    expect(readShards(ledger, run.id)[0]).toMatchObject({ state: "collected", attempt: { manifest: '{"a":1}' } });
  });

  it("does not take a job name twice", async () => {
    const ledger = open();
    await recordRun(ledger, run, () => undefined);
    await recordUploading(ledger, key, names, 1);
    await expect(recordUploading(ledger, { ...key, index: 1 }, names, 1)).rejects.toThrow(/UNIQUE/);
    expect(readShards(ledger, run.id)[1]?.state).toBe("waiting");
  });

  it("is not touched where a newer halfprice wrote it", () => {
    const folder = makeFolder();
    const ledger = open(folder);
    ledger.exec("PRAGMA user_version = 99");
    expect(() => openLedger(join(folder, ".halfprice"))).toThrow(/newer halfprice/);
  });
});

describe("a run's owner", () => {
  const isAlive = (pid: number): boolean => pid < 100;
  const claimant = (pid: number, host = "here") => ({ pid, host, isAlive });

  it("is one process at a time, until it is gone or leaves", async () => {
    const ledger = open();
    await recordRun(ledger, run, () => undefined);
    await claimRun(ledger, run.id, claimant(1), 10);
    await claimRun(ledger, run.id, claimant(1), 20);
    const busy = await findFailure(() => claimRun(ledger, run.id, claimant(2), 30));
    expect([busy.code, busy.details]).toEqual(["RUN_BUSY", { runId: run.id, pid: 1, host: "here" }]);
    await releaseRun(ledger, run.id, claimant(1));
    await claimRun(ledger, run.id, claimant(200), 40);
    // 200 is not alive: killed without a word.
    await claimRun(ledger, run.id, claimant(2), 50);
  });

  it("on another machine is taken to be gone after ten minutes of silence", async () => {
    const ledger = open();
    await recordRun(ledger, run, () => undefined);
    await claimRun(ledger, run.id, claimant(200, "there"), 0);
    expect((await findFailure(() => claimRun(ledger, run.id, claimant(1), 9 * 60_000))).code).toBe("RUN_BUSY");
    await claimRun(ledger, run.id, claimant(1), 11 * 60_000);
  });
});
