import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Ledger, openLedger } from "../../src/ledger/open-ledger.ts";
import { readParts } from "../../src/ledger/parts.ts";
import { findRun, readRuns } from "../../src/ledger/runs.ts";
import { readShards, recordUploading } from "../../src/ledger/shards.ts";
import { makeFolder } from "../support/folder.ts";

/** The tables as version 0.1 wrote them, and a run half done. */
const versionOne = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'running', 'collected', 'done', 'stopped')),
    fingerprint TEXT NOT NULL, origin_kind TEXT NOT NULL CHECK (origin_kind IN ('aws', 'local')), account_id TEXT NOT NULL,
    region TEXT NOT NULL, model_label TEXT NOT NULL, row_count INTEGER NOT NULL, record_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, output_path TEXT, summary TEXT, owner_pid INTEGER,
    owner_host TEXT, owner_seen_at INTEGER) STRICT;
  CREATE INDEX runs_by_fingerprint ON runs (fingerprint, state);
  CREATE TABLE shards (run_id TEXT NOT NULL REFERENCES runs (id), shard_index INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'uploading', 'submitting', 'submitted', 'ended', 'collected')),
    record_count INTEGER NOT NULL, size_bytes INTEGER NOT NULL, PRIMARY KEY (run_id, shard_index)) STRICT;
  CREATE TABLE attempts (run_id TEXT NOT NULL, shard_index INTEGER NOT NULL, attempt INTEGER NOT NULL,
    job_name TEXT NOT NULL UNIQUE, client_token TEXT NOT NULL, input_uri TEXT NOT NULL, output_uri TEXT NOT NULL,
    announced_at INTEGER NOT NULL, job_arn TEXT, status TEXT, message TEXT, submitted_at INTEGER, ended_at INTEGER,
    total_records INTEGER, processed_records INTEGER, success_records INTEGER, error_records INTEGER, manifest TEXT,
    PRIMARY KEY (run_id, shard_index, attempt),
    FOREIGN KEY (run_id, shard_index) REFERENCES shards (run_id, shard_index)) STRICT;
  INSERT INTO runs (id, name, state, fingerprint, origin_kind, account_id, region, model_label, row_count, record_count,
    created_at, updated_at) VALUES ('r1', 'reviews', 'running', 'f', 'aws', '123456789012', 'us-east-1', 'M', 9, 6, 1, 2);
  INSERT INTO shards VALUES ('r1', 0, 'submitted', 1, 10), ('r1', 1, 'collected', 2, 20), ('r1', 2, 'waiting', 3, 30);
  INSERT INTO attempts (run_id, shard_index, attempt, job_name, client_token, input_uri, output_uri, announced_at, job_arn)
    VALUES ('r1', 0, 1, 'job-1', 't', 'i', 'o', 5, 'arn:1');
  PRAGMA user_version = 1;`;

function makeWorkspace(): string {
  const workspace = join(makeFolder(), ".halfprice");
  mkdirSync(workspace);
  const old = new DatabaseSync(join(workspace, "ledger.db"));
  old.exec(versionOne);
  old.close();
  return workspace;
}

function open(workspace: string): Ledger {
  const ledger = openLedger(workspace);
  onTestFinished(() => ledger.close());
  return ledger;
}

const shape = (ledger: Ledger): unknown[] =>
  ledger
    .prepare("SELECT m.name, c.name AS column, c.type FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1, 2")
    .all();

describe("a ledger of version 1", () => {
  it("keeps its run, shards and attempts, and learns where each shard's lines begin", () => {
    const ledger = open(makeWorkspace());
    expect(findRun(ledger, "r1")).toMatchObject({ state: "running", rowCount: 9, estimateUsd: undefined });
    const shards = readShards(ledger, "r1");
    expect(shards.map(({ state, fromByte }) => [state, fromByte])).toEqual([
      ["submitted", 0],
      ["collected", 10],
      ["waiting", 30],
    ]);
    expect(shards[0]).toMatchObject({
      lane: "batch",
      round: 0,
      file: "input/records.jsonl",
      attempt: { jobArn: "arn:1" },
    });
  });

  it("has a run that is done in one part, as all of them were", () => {
    const ledger = open(makeWorkspace());
    const run = findRun(ledger, "r1");
    expect([run?.partCount, run?.partOf, run?.part]).toEqual([undefined, undefined, undefined]);
    expect(readRuns(ledger).map(({ id }) => id)).toEqual(["r1"]);
    expect(readParts(ledger, "r1")).toEqual([]);
  });

  it("has the tables of a new one, and goes on like one", async () => {
    const ledger = open(makeWorkspace());
    expect(shape(ledger)).toEqual(shape(open(join(makeFolder(), ".halfprice"))));
    const names = { jobName: "job-3", clientToken: "t", inputUri: "i", outputUri: "o" };
    await recordUploading(ledger, { runId: "r1", index: 2, attempt: 1 }, names, 9);
    expect(readShards(ledger, "r1")[2]).toMatchObject({ state: "uploading", attempt: { jobName: "job-3" } });
    await expect(
      recordUploading(ledger, { runId: "r1", index: 7, attempt: 1 }, { ...names, jobName: "x" }, 9),
    ).rejects.toThrow(/FOREIGN KEY/);
  });

  it("is brought over once, however many processes open it", () => {
    const workspace = makeWorkspace();
    open(workspace);
    expect(readShards(open(workspace), "r1")).toHaveLength(3);
  });
});
