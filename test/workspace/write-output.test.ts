import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type RunPaths, runPaths } from "../../src/workspace/run-folder.ts";
import { withEngine } from "../../src/workspace/session.ts";
import { writeOutput } from "../../src/workspace/write-output.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";
import { killAt, listPoints } from "../support/kill-points.ts";

const rules = { table: { shownPath: "t.csv", file: "rows.csv", reading: { hasLongRows: false } }, reads: [] };
let folder: string;
let paths: RunPaths;

async function setResults(text: string): Promise<void> {
  await withEngine(paths, (engine) =>
    engine.run(`COPY (SELECT '${text}' AS answer) TO '${paths.results}' (FORMAT parquet)`),
  );
}

beforeEach(async () => {
  folder = makeFolder();
  paths = runPaths(join(folder, ".halfprice"), "20261130-080506-t0e2z");
  mkdirSync(paths.directory, { recursive: true });
  await setResults("first");
});

describe("a table that a run writes a second time", () => {
  it("is its own whenever the writing was cut short: nothing is taken for an edit of the user's", async () => {
    const output = join(folder, "answers.csv");
    await writeOutput(rules, paths, output);
    await setResults("second");
    const points = await listPoints(() => writeOutput(rules, paths, output));
    expect(points).toEqual(["answers.csv written", "answers.csv in place"]);
    for (const [index, point] of points.entries()) {
      expect(await killAt(index, () => writeOutput(rules, paths, output))).toBe(point);
      await writeOutput(rules, paths, output);
    }
  });

  it("is its own while others write tables of the same run", async () => {
    const outputs = ["a.csv", "b.csv", "c.jsonl", "d.parquet"].map((name) => join(folder, name));
    for (const text of ["first", "second", "third"]) {
      await setResults(text);
      await Promise.all([...outputs, ...outputs].map((output) => writeOutput(rules, paths, output)));
    }
  });

  it("is left alone where the user has edited it since, a line that was torn notwithstanding", async () => {
    const output = join(folder, "answers.csv");
    await writeOutput(rules, paths, output);
    writeFileSync(join(paths.directory, "written.jsonl"), '{"path": "/half', { flag: "a" });
    await writeOutput(rules, paths, output);
    writeFileSync(output, "mine");
    const error = await findFailure(() => writeOutput(rules, paths, output));
    expect(error.code).toBe("OUTPUT_EXISTS");
  });
});
