import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commitFile, makeFolder as makeCommittedFolder } from "../../src/foundation/commit-file.ts";
import type { RunOptions } from "../../src/foundation/options/run-options.ts";
import type { LocalOptions } from "../../src/local/index.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { watchDisk } from "../support/watched-disk.ts";

/** Calls that cost money, and the changes of the ledger that speak of files. */
const paid = /^(Bedrock (CreateModelInvocationJob|InvokeModel|Converse)|S3 PutObject) announced$/;
const spoken =
  /^ledger: (run|round|shard asking|shard uploading|shard submitting|shard answered|shard collected|run \w+) not written$/;

/** Files of the moment: what the engine spills, and the join's work. */
const isPassing = (path: string): boolean => /^(spill-|work$|.*\.tmp$)/.test(basename(path));

async function runWatched(
  options: Partial<RunOptions>,
  local: LocalOptions = {},
  isForgotten?: (event: string) => boolean,
): Promise<{ events: readonly string[]; unsafe: readonly string[]; directory: string; calls: number }> {
  const { folder, session } = await openLocalRun(local);
  const table = writeTexts(folder, 120);
  const runs = join(folder, ".halfprice", "runs");
  const disk = watchDisk(isForgotten);
  const unsafe: string[] = [];
  let calls = 0;
  let isAsking = false;
  await disk.during(
    async () => {
      const id = await startTestRun(session, table, options);
      await driveRun(session, id, "follow");
    },
    (point) => {
      if (!paid.test(point) && !spoken.test(point)) return;
      if (paid.test(point)) calls += 1;
      isAsking ||= /asking/.test(point);
      if (/answered/.test(point)) isAsking = false;
      // Between two flushes of the answers a further question may go out; each is flushed before it counts as answered.
      const isLeftOut = (path: string): boolean => isPassing(path) || (isAsking && /on-demand.*\.out$/.test(path));
      for (const problem of disk.findUnsafe(runs, isLeftOut)) unsafe.push(`${point}: ${problem}`);
    },
  );
  return { events: disk.events, unsafe, directory: join(runs, readdirSync(runs)[0] ?? ""), calls };
}

/** The events in this order, others in between. */
function expectOrder(events: readonly string[], wanted: readonly string[]): void {
  let from = -1;
  for (const event of wanted) {
    const at = events.indexOf(event, from + 1);
    expect(at, `${event} after ${events[from] ?? "the start"}`).toBeGreaterThan(from);
    from = at;
  }
}

const beforeTheFirst = (id: string): string[] => [
  ...["fsync rows.csv", "fsync records.parquet.tmp", "rename records.parquet", `fsync folder ${id}`],
  ...["fsync duplicates.parquet.tmp", "rename duplicates.parquet", `fsync folder ${id}`],
  ...["fsync plan.json.tmp", "rename plan.json", `fsync folder ${id}`],
  ...["fsync records.jsonl", "rename records.jsonl", "fsync folder input"],
  ...["fsync run.json.tmp", "rename run.json", `fsync folder ${id}`, "fsync folder runs"],
  "ledger: run written",
];

describe("before a call that costs money, and before the ledger speaks of a file, the disk has everything", () => {
  it("of a batch run and its retry round, downloads and results", async () => {
    const { events, unsafe, directory, calls } = await runWatched(
      { maxAttempts: 2, belowMinimum: "on-demand" },
      { faults: { records: [{ fault: "throttled", probability: 0.2 }] } },
    );
    expect(unsafe).toEqual([]);
    expect(calls).toBeGreaterThan(2);
    expectOrder(events, [
      ...beforeTheFirst(basename(directory)),
      "ledger: shard uploading written",
      "S3 PutObject announced",
      "ledger: shard submitting written",
      "Bedrock CreateModelInvocationJob announced",
      "fsync manifest.json.out.tmp",
      "rename manifest.json.out",
      "ledger: shard collected written",
    ]);
    const round = events.find((event) => /^rename round-1-\w+\.jsonl$/.test(event)) ?? "no round";
    expectOrder(events, ["ledger: shard collected written", round, "fsync folder input", "ledger: round written"]);
  });

  it("of a run on demand, whose answers are flushed one by one", async () => {
    const { events, unsafe, directory } = await runWatched(
      { belowMinimum: "on-demand" },
      { quotas: ["min-records=500"] },
    );
    expect(unsafe).toEqual([]);
    expectOrder(events, [
      ...beforeTheFirst(basename(directory)),
      "ledger: shard asking written",
      "fsync folder on-demand",
      "Bedrock InvokeModel announced",
      "answer on disk",
      "fsync round-0-0.jsonl.out",
      "ledger: shard answered written",
      "fsync results.parquet.tmp",
      "rename results.parquet",
      "ledger: run done written",
    ]);
  });

  it("of a canary and the rest", async () => {
    const { events, unsafe, directory } = await runWatched({ canary: { count: 10, seed: 1 } });
    expect(unsafe).toEqual([]);
    expectOrder(events, [
      ...["fsync unsent.parquet.tmp", "rename unsent.parquet", `fsync folder ${basename(directory)}`],
      ...["fsync canary.jsonl", "rename canary.jsonl", "fsync folder input"],
      ...["ledger: run written", "Bedrock InvokeModel announced", "fsync run.json.tmp", "rename run.json"],
      "Bedrock CreateModelInvocationJob announced",
    ]);
  });
});

describe("this test", () => {
  it.each([
    ["fsync run.json.tmp", "bytes of"],
    ["fsync folder runs", "name of"],
    ["fsync folder input", "name of"],
    ["fsync manifest.json.out.tmp", "bytes of"],
  ])("finds it where %s is left out", async (left, problem) => {
    const isLeft = (event: string): boolean => event === left || event === left.replace(".tmp", "");
    const { unsafe } = await runWatched({}, {}, isLeft);
    expect(unsafe.join("\n")).toContain(problem);
  });

  it("and folders that are made are on the disk, with what is above them", () => {
    const folder = makeFolder();
    const disk = watchDisk();
    makeCommittedFolder(join(folder, "a/b/c"));
    writeFile(folder, "a/b/c/x.tmp", "x");
    commitFile(join(folder, "a/b/c/x"));
    expect(disk.findUnsafe(join(folder, "a"))).toEqual([]);
    writeFile(folder, "a/b/c/x", "y!");
    expect(disk.findUnsafe(join(folder, "a"))).toEqual(["bytes of b/c/x"]);
  });
});
