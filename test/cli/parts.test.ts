import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder } from "../support/folder.ts";
import { makeTexts } from "../support/parts-run.ts";
import { type CliResult, runCli, startCli } from "../support/run-cli.ts";

const ask = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5", "--local", "--json"] as const;

/** Four files of 120 rows, in folders with a value. */
function makeLake(folder = makeFolder()): string {
  for (let file = 0; file < 4; file += 1) {
    const path = join(folder, "lake", `dt=2026-01-0${file + 1}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "rows.csv"), makeTexts(file * 120, 120));
  }
  return folder;
}

const parse = ({ stdout }: CliResult): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

describe("a run in parts on the command line", () => {
  let folder: string;
  let ended: CliResult;
  beforeAll(async () => {
    folder = makeLake(mkdtempSync(join(tmpdir(), "halfprice-test-")));
    const size = ["--part-files", "1", "--workers", "2", "-o", "answers/"];
    ended = await runCli(["run", "lake/**/*.csv", ...ask, ...size], folder);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is done by several processes, and copies its results into a folder, a file a part", () => {
    expect(ended.code, ended.stderr).toBe(0);
    expect(parse(ended)).toMatchObject({ state: "done", rowCount: 480, output: "answers/" });
    expect(readdirSync(join(folder, "answers"))).toEqual([1, 2, 3, 4].map((part) => `part-0000${part}.parquet`));
  });

  it("says of every part what is to be done with it", async () => {
    const found = parse(await runCli(["parts", "latest", "--local", "--json"], folder));
    expect(found).toMatchObject({ counts: { prepare: 0, submit: 0, wait: 0, join: 0, done: 4 } });
    expect((found["parts"] as unknown[])[0]).toMatchObject({
      ...{ part: 1, step: "done", attempt: 1, fileCount: 1, rowCount: 120, jobs: { count: 1, endedCount: 1 } },
      ...{ outcomes: { answered: 120 }, results: expect.stringMatching(/results\/part-00001\.parquet$/) },
    });
    const table = await runCli(["parts", "latest", "--local"], folder);
    expect(table.stdout).toContain("4 parts: 4 done");
  });

  it("is asked in SQL, shown, reported and exported as one table", async () => {
    const query = "SELECT dt, count(*) AS n FROM results GROUP BY 1 ORDER BY 1 LIMIT 1";
    expect((await runCli(["show", "latest", "--query", query], folder)).stdout).toContain("2026-01-01");
    expect((await runCli(["show", "latest"], folder)).stdout).toContain("4 of 4 joined, 0 under way");
    for (const name of ["all.csv", "all.parquet"]) {
      expect((await runCli(["export", "latest", "-o", name], folder)).code).toBe(0);
    }
    const lines = readFileSync(join(folder, "all.csv"), "utf8").trim().split("\n");
    expect(lines.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(
      Array.from({ length: 480 }, (_, id) => id),
    );
    const report = await runCli(["report", "latest", "--format", "md", "-o", "report.md"], folder);
    expect([report.code, existsSync(join(folder, "report.md"))]).toEqual([0, true]);
  });

  it("prepares and joins nothing that is done, and says so", async () => {
    for (const step of ["prepare", "join"]) {
      const done = await runCli(["part", step, "latest", "2", "--local", "--json"], folder);
      expect([done.code, parse(done)]).toMatchObject([0, { part: 2, rowCount: 120, wasDone: true }]);
    }
  });

  it("leaves nothing in S3 after a clean, and keeps its results", async () => {
    const cleaned = await runCli(["clean", "--local", "--yes", "--json", "--keep-results"], folder);
    expect(cleaned.code, cleaned.stderr).toBe(0);
    const shown = await runCli(["show", "latest", "--query", "SELECT count(*) AS n FROM results"], folder);
    expect(shown.stdout).toContain("480");
    const again = await runCli(["clean", "--local", "--yes", "--json", "--keep-results"], folder);
    expect(parse(again)).toMatchObject({ removed: false, runs: [] });
  });
});

describe("parts", () => {
  it("that are not of files, or look at all rows, are refused with every problem", async () => {
    const folder = makeLake();
    const command = ["run", "lake/**/*.csv", ...ask, "--part-files", "1"];
    const limited = await runCli([...command, "--limit", "5", "--sql", "SELECT * FROM input", "--canary", "5"], folder);
    expect([limited.code, limited.stderr.match(/--(limit|sql|canary) /g)]).toEqual([
      2,
      ["--limit ", "--sql ", "--canary "],
    ]);
    const wrong = await runCli([...command, "--part-bytes", "much", "--workers", "-1"], folder);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("--part-bytes is much; it has to be a size such as 256MB"),
    ]);
  });

  it("that wait for their jobs say so with the code of what is still running", async () => {
    const folder = makeLake();
    const slow = { HALFPRICE_LOCAL_SPEED: "1" };
    const begun = await runCli(
      ["run", "lake/**/*.csv", ...ask, "--part-files", "2", "--workers", "1", "--detach"],
      folder,
      slow,
    );
    expect(begun.code).toBe(5);
    const join = await runCli(["part", "join", "latest", "1", "--local"], folder, slow);
    expect([join.code, join.stderr]).toEqual([5, expect.stringContaining("its job has not ended")]);
  });

  it("go on where they were after the command and its workers are killed, with no row lost", async () => {
    const folder = makeLake();
    const run = startCli(["run", "lake/**/*.csv", ...ask, "--part-files", "1", "--workers", "2"], folder);
    await run.waitFor(/parts joined/);
    run.child.kill("SIGKILL");
    await run.done;
    const resumed = await runCli(["resume", "latest", "--local", "--json", "--workers", "2"], folder);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(parse(resumed)).toMatchObject({ state: "done", rowCount: 480, outcomeCounts: { answered: 480 } });
  });
});
