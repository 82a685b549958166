import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJournal, readJournal, rewriteJournal } from "../../../../src/local/s3/store/journal.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "halfprice-journal-"));
  path = join(folder, "journal.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a journal", () => {
  it("has every line that was said to be in it, in the order in which they were applied", async () => {
    const journal = await openJournal<number>(path);
    const applied: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, (_, number) =>
        journal.append({ topics: [`t${number % 7}`], decide: () => number, apply: (line) => void applied.push(line) }),
      ),
    );
    await journal.close();
    expect(await readJournal<number>(path)).toEqual(applied);
    expect(applied.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, number) => number));
  });

  it("decides about one topic only when what came before is done", async () => {
    const journal = await openJournal<number>(path);
    let count = 0;
    await Promise.all(
      Array.from({ length: 50 }, () =>
        journal.append({ topics: ["counter"], decide: () => count + 1, apply: (line) => (count = line) }),
      ),
    );
    expect(count).toBe(50);
    await journal.close();
  });

  it("writes nothing for a decision that throws, and hands on what was thrown", async () => {
    const journal = await openJournal<string>(path);
    const thrown = new Error("called off");
    const refused = journal.append({
      topics: ["a"],
      decide: () => {
        throw thrown;
      },
      apply: () => undefined,
    });
    const done = journal.append({ topics: ["a"], decide: () => "next", apply: () => undefined });
    await expect(refused).rejects.toBe(thrown);
    await done;
    await journal.close();
    expect(await readFile(path, "utf8")).toBe('"next"\n');
  });

  it.skipIf(process.platform !== "linux")("applies nothing where the disk is full", async () => {
    const journal = await openJournal<string>("/dev/full");
    let isApplied = false;
    const full = journal.append({ topics: [], decide: () => "line", apply: () => (isApplied = true) });
    await expect(full).rejects.toMatchObject({ code: "ENOSPC" });
    expect(isApplied).toBe(false);
    await journal.close();
  });

  it("is written anew whole", async () => {
    await rewriteJournal(path, [1, 2, 3]);
    await rewriteJournal(path, [4]);
    expect(await readJournal(path)).toEqual([4]);
    expect(await readJournal(join(folder, "none"))).toEqual([]);
  });
});
