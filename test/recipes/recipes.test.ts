import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipes } from "../../src/library/admin/recipes.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

/** The commands of a README's first block: those that run on the local service. */
function readCommands(folder: string): string[][] {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const block = /^```\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? "";
  return block
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/));
}

/** What a recipe's last command shows, as JSON. */
const shows: Readonly<Record<string, (rows: readonly Record<string, unknown>[]) => void>> = {
  classify(rows) {
    const [agree, first] = rows;
    expect(agree).toMatchObject({ labelled: "(both agree)" });
    expect(agree?.["messages"]).toBeGreaterThan(30);
    expect(first?.["labelled"]).not.toBe(first?.["answered"]);
  },
  extract(rows) {
    for (const row of rows) expect(row["names"]).toBe((row["in_the_text"] as number) + (row["made_up"] as number));
    expect(rows.reduce((sum, row) => sum + (row["names"] as number), 0)).toBeGreaterThanOrEqual(300);
  },
  summarize(rows) {
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: "answered", rows: 120, reason: null });
    expect(rows[0]?.["longest"]).toBeLessThanOrEqual(500);
  },
  analyze(rows) {
    expect(rows.reduce((sum, row) => sum + (row["concerns"] as number), 0)).toBeGreaterThanOrEqual(120);
  },
  describe(rows) {
    expect(rows.map((row) => row["drawn"])).toEqual(["circle", "cross", "square", "triangle"]);
    expect(rows.reduce((sum, row) => sum + (row["pictures"] as number), 0)).toBe(140);
    for (const row of rows) expect(row["longest"]).toBeLessThanOrEqual(125);
  },
  judge(rows) {
    expect(rows.reduce((sum, row) => sum + (row["summaries"] as number), 0)).toBe(120);
    for (const row of rows) expect([1, 2, 3, 4, 5]).toContain(row["faithful"]);
  },
  cheaper(rows) {
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ messages: 2700 });
    expect(rows[0]?.["as_people_say"]).toBeGreaterThan(500);
  },
  embed(rows) {
    const [nearest] = rows;
    expect(nearest?.["likeness"]).toBeGreaterThan(0.7);
    const words = (text: unknown): string[] =>
      String(text)
        .toLowerCase()
        .match(/[a-z]{4,}/g) ?? [];
    // Simulated vectors are made of words: what is near has words in common.
    for (const row of rows)
      expect(
        words(row["text"]).some((word) => words(row["near"]).some((other) => other.slice(0, 4) === word.slice(0, 4))),
      ).toBe(true);
  },
};

describe("a recipe", () => {
  it.concurrent.for(Object.keys(recipes))(
    "%s runs as it stands",
    { timeout: 60_000 },
    async (name, { onTestFinished }) => {
      const folder = mkdtempSync(join(tmpdir(), "halfprice-recipe-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const made = await runCli(["init", name], folder);
      expect(made.code, made.stderr).toBe(0);
      const target = join(folder, name);
      const commands = readCommands(target);
      expect(commands.length).toBeGreaterThanOrEqual(2);
      let last = "";
      for (const [command, ...args] of commands) {
        if (command === "node") {
          execFileSync(process.execPath, args, { cwd: target });
          continue;
        }
        expect(command).toBe("halfprice");
        const done = await runCli(args[0] === "show" ? [...args, "--json"] : args, target);
        expect(done.code, `${args.join(" ")}\n${done.stderr}`).toBe(0);
        last = done.stdout;
      }
      shows[name]?.(JSON.parse(last) as Record<string, unknown>[]);
      expect(readdirSync(target).filter((file) => file.endsWith(".parquet"))).toHaveLength(1);
      if (name !== "judge") return;
      const runs = join(target, ".halfprice", "runs");
      const files = readdirSync(runs).map(
        (id) =>
          JSON.parse(readFileSync(join(runs, id, "run.json"), "utf8")) as { id: string; name: string; parent?: object },
      );
      const summaries = files.find((run) => run.name === "summarize");
      expect(files.find((run) => run.name === "judge")?.parent).toEqual({ runId: summaries?.id, name: "summarize" });
    },
  );

  it("has its data's source and licence beside it, and is small", () => {
    const shipped = new URL("../../recipes/", import.meta.url).pathname;
    for (const [name, { sharedFiles }] of Object.entries(recipes)) {
      const data = sharedFiles.find((file) => file.endsWith("DATA.md")) ?? `${name}/DATA.md`;
      expect(readFileSync(join(shipped, data), "utf8")).toMatch(
        /Source: (.*commit [0-9a-f]{7}|drawn by )[\s\S]*Licence: /,
      );
      for (const file of readdirSync(join(shipped, name))) {
        expect(readFileSync(join(shipped, name, file)).length, file).toBeLessThan(300_000);
      }
    }
  });

  it("is not written over what is there, and a wrong name has the nearest", async () => {
    const folder = makeFolder();
    writeFile(folder, "classify/notes.txt", "mine");
    const used = await runCli(["init", "classify"], folder);
    expect([used.code, used.stderr]).toEqual([2, expect.stringContaining("FOLDER_IN_USE")]);
    expect(readdirSync(join(folder, "classify"))).toEqual(["notes.txt"]);
    const wrong = await runCli(["init", "clasify"], folder);
    expect(wrong.stderr).toMatch(/UNKNOWN_RECIPE[\s\S]*nearest is classify/);
    expect(existsSync(join(folder, "clasify"))).toBe(false);
  });
});
