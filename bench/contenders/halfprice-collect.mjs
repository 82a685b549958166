// Output lines to one Parquet file: parsed, outcomes, joined in the input's order.

import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { openTable } from "../../build/dataset/open-table.js";
import { sliceRows } from "../../build/dataset/slice-rows.js";
import { openEngine } from "../../build/engine/engine.js";
import { families } from "../../build/models/families/index.js";
import { joinResults } from "../../build/results/join-results.js";
import { makeResultColumns } from "../../build/results/result-columns.js";
import { finish } from "../measure.mjs";

const [directory, outputs, target] = process.argv.slice(2);
const { shards, reading } = JSON.parse(readFileSync(join(outputs, "shards.json"), "utf8"));
rmSync(target, { force: true });
const engine = await openEngine({ tempDirectory: join(directory, "spill") });
const file = join(directory, "rows.csv");
const table = await openTable(engine, [file], "csv", { shown: { whole: file }, reading });
const columns = makeResultColumns(undefined, "");
await joinResults({
  reader: { engine, shape: families.get("anthropic-messages").answer, fields: columns.fields, check: undefined },
  columns,
  table,
  cutRows: (fromRows) => sliceRows(table, fromRows, shards.at(-1).toRow, join(directory, "work")),
  invocation: "InvokeModel",
  recordsFile: join(directory, "records.parquet"),
  duplicatesFile: join(directory, "duplicates.parquet"),
  shards: shards.map((shard) => ({
    shard,
    files: [join(outputs, `shard-${shard.index}.jsonl.out`)],
    price: { inputUsd: 0.55, outputUsd: 2.75 },
  })),
  resent: [],
  earlierFiles: [],
  target,
  workDirectory: join(directory, "work"),
});
engine.close();
finish({ bytes: statSync(target).size });
