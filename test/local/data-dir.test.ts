import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataDirInUse, findOwner, takeDataDir } from "../../src/local/data-dir.ts";
import { startLocal } from "../../src/local/start-local.ts";

let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "halfprice-dir-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const owner = (fields: object): Promise<void> => writeFile(join(dataDir, "owner.json"), JSON.stringify(fields));

describe("a data directory", () => {
  it("has one owner, whose address the second one is told", async () => {
    await using first = await startLocal({ dataDir });
    const refused = await startLocal({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DataDirInUse);
    expect(refused).toMatchObject({ code: "DATA_DIR_IN_USE", dataDir, owner: { pid: process.pid, url: first.url } });
    expect(String(refused)).toContain(first.url);
    expect(await findOwner(dataDir)).toMatchObject({ url: first.url });
  });

  it("is free again when its owner closes", async () => {
    await (await startLocal({ dataDir })).close();
    expect(await findOwner(dataDir)).toBeUndefined();
    await (await startLocal({ dataDir })).close();
  });

  it("is taken over from a process that is dead", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await owner({ pid, url: "http://127.0.0.1:1", takenAtMs: Date.now() });
    await (await startLocal({ dataDir })).close();
  });

  it("is taken over where the owner's number went to a stranger, who does not answer", async () => {
    await owner({ pid: process.pid, url: "http://127.0.0.1:1", takenAtMs: Date.now() });
    await (await startLocal({ dataDir })).close();
  });

  it("is taken over from an owner that never got as far as an address", async () => {
    await owner({ pid: process.pid, takenAtMs: Date.now() - 3600_000 });
    await (await startLocal({ dataDir })).close();
  });

  it("is not taken from one that is just starting", async () => {
    await owner({ pid: process.pid, takenAtMs: Date.now() });
    await expect(takeDataDir(dataDir)).rejects.toMatchObject({
      code: "DATA_DIR_IN_USE",
      message: expect.stringContaining("is starting") as string,
    });
  });

  it("is taken over where the lock is no lock", async () => {
    await writeFile(join(dataDir, "owner.json"), "");
    await (await startLocal({ dataDir })).close();
  });

  it("goes to one of many who ask at once, and keeps no scraps of the others", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (let round = 0; round < 60; round += 1) {
      await owner({ pid, takenAtMs: 0 });
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeDataDir(dataDir)));
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await readdir(dataDir)).toEqual(["owner.json"]);
    }
  });

  it("is free again where the port was taken", async () => {
    await using other = await startLocal();
    await expect(startLocal({ dataDir, port: other.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await (await startLocal({ dataDir })).close();
  });
});
