// The floor: the engine reads the same table and writes the same lines in order, with the same threads, and nothing else.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openTable } from "../../build/dataset/open-table.js";
import { openEngine } from "../../build/engine/engine.js";
import { quoteText, writeOptions } from "../../build/engine/sql.js";
import { inputLineSql } from "../../build/lines/line-format.js";
import { families } from "../../build/models/families/index.js";
import { bodySql } from "../../build/requests/body-sql.js";
import { finish } from "../measure.mjs";

const [directory, outputs, target] = process.argv.slice(2);
const { reading } = JSON.parse(readFileSync(join(outputs, "shards.json"), "utf8"));
const engine = await openEngine({ tempDirectory: `${target}.spill` });
const file = join(directory, "rows.csv");
const { relation } = await openTable(engine, [file], "csv", { shown: { whole: file }, reading });
const { body, recordId } = bodySql({
  family: families.get("anthropic-messages"),
  baseId: "anthropic.claude-haiku-4-5-20251001-v1:0",
  invocation: "InvokeModel",
  parameters: { maxTokens: 100 },
  output: undefined,
});
const text = "concat('Context: ', coalesce(context, ''), '\nResponse: ', coalesce(response, ''))";
await engine.run(`COPY (
  SELECT ${inputLineSql(recordId("body"), "body")} AS line FROM (SELECT ${body("text")} AS body FROM (SELECT ${text} AS text FROM ${relation}))
) TO ${quoteText(target)} (${writeOptions.lines})`);
engine.close();
finish({});
