import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { openCase } from "../support/case-files.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { openRace, type Race } from "../support/racing.ts";

interface Workspace {
  readonly race: Race;
  /** A run that has ended, and one whose job is under way. */
  readonly ids: { readonly done: string; readonly flying: string };
  readonly path: string;
}

async function openWorkspace(): Promise<Workspace> {
  const race = await openRace({ speed: 1, quotas: ["min-records=15"] });
  const done = await race.run(...race.runArgs("done", 0, 3, "--name", "done", "--below-minimum", "on-demand"));
  expect(done.code, done.stderr).toBe(0);
  const flying = await race.run(...race.runArgs("flying", 100, 120), "--name", "flying", "--detach");
  expect(flying.code, flying.stderr).toBe(5);
  const runs = await listRuns(race);
  const idOf = (name: string): string => runs.find((run) => run.name === name)?.id ?? "";
  return { race, ids: { done: idOf("done"), flying: idOf("flying") }, path: join(race.folder, ".halfprice") };
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly trouble?: string;
  readonly reservedUsd: number;
}

async function listRuns(race: Race): Promise<Listed[]> {
  const { code, stdout, stderr } = await race.run("runs", "--json");
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { runs: Listed[] }).runs;
}

const damages: readonly [string, (path: string) => void, string][] = [
  ["cut off", (path) => truncateSync(path, 200), "RUN_DAMAGED"],
  ["empty", (path) => writeFileSync(path, ""), "RUN_DAMAGED"],
  ["another program's", (path) => writeFileSync(path, '{"name":"package","version":"1.0.0"}'), "RUN_DAMAGED"],
  ["a list", (path) => writeFileSync(path, "[]"), "RUN_DAMAGED"],
  [
    "a newer halfprice's",
    (path) =>
      writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), version: 2 })),
    "NEWER_FILE",
  ],
];

describe.each(["run.json", "plan.json"])("a broken %s", (name) => {
  it("is a named error with a fix, however it is broken, and stops no other run", async () => {
    const { race, ids, path } = await openWorkspace();
    const file = join(path, "runs", ids.flying, name);
    const whole = readFileSync(file);
    for (const [what, damage, code] of damages) {
      writeFileSync(file, whole);
      damage(file);
      const some = [["show", ids.flying]];
      const all = [...some, ["resume", ids.flying], ["collect", ids.flying]];
      for (const args of what === "cut off" || code === "NEWER_FILE" ? all : some) {
        const { code: exit, stderr } = await race.run(...args);
        expect([what, args[0], exit, stderr]).toEqual([what, args[0], 2, expect.stringContaining(`error ${code}`)]);
        expect(stderr).toMatch(code === "NEWER_FILE" ? /npm install -g halfprice@latest/ : /halfprice stop/);
      }
      const listed = await listRuns(race);
      expect(listed.map(({ id, trouble }) => [id, trouble])).toEqual([
        [ids.flying, code === "NEWER_FILE" ? "newer version" : "cannot be read"],
        [ids.done, undefined],
      ]);
      // What a newer one wrote is whole: its money stays reserved.
      if (code === "NEWER_FILE") expect(listed[0]?.reservedUsd).toBeGreaterThan(0);
    }
    const kept = await race.run("stop", ids.flying);
    expect([kept.code, kept.stderr]).toEqual([2, expect.stringContaining("NEWER_FILE")]);
    truncateSync(file, 100);
    // A run over some of the same rows, and the giving up of the broken one.
    const other = await race.run(...race.runArgs("other", 110, 150), "--detach");
    expect([other.code, other.stderr]).toEqual([5, expect.not.stringContaining("BUG")]);
    expect((await race.run("stop", ids.flying)).code).toBe(0);
  }, 120_000);
});

describe("a file of a run that is cut off", () => {
  it("is a named error of whatever needs it, and stops no other run", async () => {
    const { race, ids, path } = await openWorkspace();
    const tear = (id: string, name: string): void => truncateSync(join(path, "runs", id, name), 300);
    const expectDamaged = async (...args: string[]): Promise<void> => {
      const { code, stderr } = await race.run(...args);
      expect([args[0], code, stderr]).toEqual([args[0], 2, expect.stringContaining("error RUN_DAMAGED")]);
      expect(stderr).toMatch(/parquet: its end is missing[\s\S]*fix +halfprice (?:stop|clean) /);
    };
    tear(ids.done, "results.parquet");
    await expectDamaged("show", ids.done, "--query", "SELECT 1 FROM results");
    await expectDamaged("export", ids.done, "-o", "again.csv");
    await expectDamaged("report", ids.done);
    await expectDamaged("retry", ids.done, "--yes");
    await expectDamaged("plan", `run:${ids.done}`, "--prompt", "T {{text}}", "--model", "claude-haiku-4.5");
    // Without its table a run is shown all the same.
    expect((await race.run("show", ids.done)).code).toBe(0);
    tear(ids.flying, "records.parquet");
    await expectDamaged("resume", ids.flying);
    const other = await race.run(...race.runArgs("other", 0, 15), "--detach");
    expect([other.code, other.stderr]).toEqual([5, expect.not.stringContaining("BUG")]);
    expect((await race.run("stop", ids.flying)).code).toBe(0);
  }, 120_000);
});

const ledgerDamages: readonly [string, (path: string) => void, string, number][] = [
  ["cut off", (path) => truncateSync(path, 5000), "LEDGER_DAMAGED", 3],
  ["cut within its first page", (path) => truncateSync(path, 1000), "LEDGER_DAMAGED", 3],
  ["text", (path) => writeFileSync(path, "id,name\n1,x\n".repeat(500)), "LEDGER_DAMAGED", 3],
  [
    "the database of another program",
    (path) => {
      rmSync(path);
      const other = new DatabaseSync(path);
      other.exec("CREATE TABLE songs (title TEXT)");
      other.close();
    },
    "LEDGER_DAMAGED",
    3,
  ],
  [
    "a newer halfprice's",
    (path) => {
      const ledger = new DatabaseSync(path);
      ledger.exec("PRAGMA user_version = 99");
      ledger.close();
    },
    "NEWER_FILE",
    2,
  ],
  [
    "a folder",
    (path) => {
      rmSync(path);
      mkdirSync(path);
    },
    "DISK",
    3,
  ],
];

describe("a broken ledger", () => {
  it("is a named error with a fix, however it is broken, and nothing is written into it", async () => {
    const { race, ids, path: folder } = await openWorkspace();
    const path = join(folder, "ledger.db");
    for (const ending of ["-wal", "-shm"]) rmSync(`${path}${ending}`, { force: true });
    const whole = readFileSync(path);
    for (const [what, damage, code, exit] of ledgerDamages) {
      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, whole);
      damage(path);
      const before = code === "DISK" ? "" : readFileSync(path).toString("latin1");
      const all = [
        ["runs"],
        ["show", ids.done],
        ["resume", ids.flying],
        race.runArgs("more", 0, 5),
        ["clean", "--yes"],
      ];
      for (const args of what === "cut off" ? all : all.slice(0, 2)) {
        const { code: status, stderr } = await race.run(...args);
        expect([what, args[0], status, stderr]).toEqual([
          ...[what, args[0], exit],
          expect.stringContaining(`error ${code}`),
        ]);
        expect(stderr).toContain("ledger.db");
      }
      if (code === "LEDGER_DAMAGED") expect(readFileSync(path).toString("latin1")).toBe(before);
    }
  }, 120_000);
});

describe("a workspace that", () => {
  it("is a file, or below one, is a named error", async () => {
    const race = await openRace();
    openCase("workspace-damaged", race.folder);
    const path = writeFile(makeFolder(), "notes.txt", "mine");
    for (const line of ["runs", "show x", "resume x"]) {
      const { code, stderr } = await race.run(...line.split(" "), "--workspace", path);
      expect([code, stderr]).toEqual([2, expect.stringContaining("error BAD_WORKSPACE")]);
      expect(stderr).toContain("--workspace");
    }
    expect(readFileSync(path, "utf8")).toBe("mine");
    const below = await race.run(
      "plan",
      "t.csv",
      "--prompt",
      "x {{text}}",
      "--model",
      "nova-lite",
      "--workspace",
      `${path}/w`,
    );
    expect([below.code, below.stderr]).toEqual([2, expect.stringContaining("error BAD_WORKSPACE")]);
  });

  it("may not be written is DISK, with its path", async () => {
    const folder = makeFolder();
    openLedger(join(folder, "w")).close();
    const isRoot = process.getuid?.() === 0;
    chmodSync(folder, 0o755);
    for (const name of readdirSync(join(folder, "w")))
      if (name.startsWith("ledger")) chmodSync(join(folder, "w", name), 0o444);
    chmodSync(join(folder, "w"), 0o555);
    // Root may write everywhere: it becomes nobody for a moment.
    if (isRoot) process.seteuid?.(65_534);
    try {
      const error = await findFailure(() => openLedger(join(folder, "w")), "DISK");
      expect(error.details.path).toContain(join(folder, "w"));
      expect((await findFailure(() => openLedger(join(folder, "new")), "DISK")).exitCode).toBe(3);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(folder, "w"), 0o755);
    }
  });
});
