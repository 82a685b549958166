import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/folder.ts";

const bench = fileURLToPath(new URL("../../bench/", import.meta.url));

/** What a contender prints when it is done. */
function run(name: string, ...args: string[]): Record<string, number> {
  const printed = execFileSync(process.execPath, [join(bench, "contenders", name), ...args], { encoding: "utf8" });
  return JSON.parse(printed.trim()) as Record<string, number>;
}

describe("the benchmark", () => {
  it("prepares and collects with the product as it is, by template and by function", async () => {
    const { makeCase } = (await import(pathToFileURL(join(bench, "make-case.mjs")).href)) as {
      makeCase: (folder: string, rows: number, bytes: number) => Promise<Record<"table" | "run" | "outputs", string>>;
    };
    const folder = makeFolder();
    const made = await makeCase(folder, 500, 600);
    for (const kind of ["template", "function"]) {
      const prepared = run("halfprice-prepare.mjs", made.table, join(folder, "work"), kind);
      expect(prepared).toMatchObject({ records: 500, jobs: 1 });
    }
    expect(run("floor-prepare.mjs", made.run, made.outputs, join(folder, "out.jsonl"))["seconds"]).toBeGreaterThan(0);
    const collected = run("halfprice-collect.mjs", made.run, made.outputs, join(folder, "out.parquet"));
    expect(collected["bytes"]).toBeGreaterThan(10_000);
  });
});
