// A table, the run that prepares it, and the output files that a service would write for it.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freezeTable } from "../build/dataset/freeze-table.js";
import { openEngine } from "../build/engine/engine.js";
import { numberedRows } from "../build/engine/sql.js";
import { defaultJobLimits } from "../build/foundation/limits.js";
import { cutShards, toBounds } from "../build/plan/cut-shards.js";
import { makeOutputs } from "./make-outputs.mjs";
import { makeTable } from "./make-table.mjs";

export async function makeCase(folder, rowCount, bytes) {
  const name = `${rowCount}-${bytes}`;
  const [table, run, outputs, again] = ["table.csv", "run", "outputs", "again"].map((part) =>
    join(folder, `${name}-${part}`),
  );
  makeTable(table, rowCount, bytes);
  const prepare = fileURLToPath(new URL("./contenders/halfprice-prepare.mjs", import.meta.url));
  execFileSync(process.execPath, [prepare, table, run], { stdio: "ignore" });
  mkdirSync(outputs);
  mkdirSync(again);
  const engine = await openEngine({ tempDirectory: join(folder, "spill") });
  const { reading } = await freezeTable(engine, { path: table }, again);
  const blocks = [];
  for await (const [froms = [], sizes = []] of engine.chunks(
    `SELECT row, size_bytes FROM ${numberedRows(join(run, "records.parquet"))} ORDER BY row`,
  )) {
    for (const [index, row] of froms.entries())
      blocks.push({ fromRow: Number(row), recordCount: 1, sizeBytes: Number(sizes[index]) });
  }
  engine.close();
  rmSync(again, { recursive: true });
  makeOutputs(run, outputs, cutShards(blocks, rowCount, toBounds(defaultJobLimits)), reading);
  return { table, run, outputs };
}
