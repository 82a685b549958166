import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keepLocal, readLocalState } from "../../src/admin.ts";
import { makeFolder } from "../support/folder.ts";

describe("the local service of a workspace", () => {
  it("is one for all who use it in a process, and stops with the last of them", async () => {
    const local = { workspace: join(makeFolder(), ".halfprice"), local: true as const };
    const closes = await Promise.all([keepLocal(local), keepLocal(local)]);
    const { url } = await readLocalState(local);
    await closes[0]();
    expect((await readLocalState(local)).url).toBe(url);
    await closes[1]();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("is waited for while another process starts one", async () => {
    const workspace = join(makeFolder(), ".halfprice");
    const data = join(workspace, "local");
    mkdirSync(data, { recursive: true });
    const owner = join(data, "owner.json");
    // A live process has the folder, and has not said yet where it listens.
    writeFileSync(owner, JSON.stringify({ pid: process.ppid, takenAtMs: Date.now() }));
    const kept = keepLocal({ workspace, local: true });
    setTimeout(() => rmSync(owner), 250);
    const close = await kept;
    await close();
  });
});
