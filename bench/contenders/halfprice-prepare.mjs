// A table to what is uploaded: frozen, rendered, named, made distinct, cut into jobs, tokens estimated.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { freezeTable } from "../../build/dataset/freeze-table.js";
import { openEngine } from "../../build/engine/engine.js";
import { defaultJobLimits } from "../../build/foundation/limits.js";
import { families } from "../../build/models/families/index.js";
import { cutShards, toBounds } from "../../build/plan/cut-shards.js";
import { parseTemplate } from "../../build/prompt/template.js";
import { makeRecords } from "../../build/requests/make-records.js";
import { finish, template } from "../measure.mjs";

const [table, directory, kind = "template"] = process.argv.slice(2);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
const engine = await openEngine({ tempDirectory: join(directory, "spill") });
const frozen = await freezeTable(engine, { path: table }, directory);
const settings = {};
const prompt =
  kind === "function"
    ? {
        kind,
        source: "bench",
        text: "",
        settings,
        render: (row) => `Context: ${row.context}\nResponse: ${row.response}`,
      }
    : { kind: "template", source: "bench", text: template, settings, parts: parseTemplate(template, "bench") };
const shape = {
  family: families.get("anthropic-messages"),
  baseId: "anthropic.claude-haiku-4-5-20251001-v1:0",
  invocation: "InvokeModel",
  parameters: { maxTokens: 100 },
  output: undefined,
};
const summary = await makeRecords({ engine, table: frozen.table, prompt, shape, directory });
const shards = cutShards(summary.blocks, summary.rowCount, toBounds(defaultJobLimits));
engine.close();
finish({ records: summary.recordCount, bytes: summary.sizeBytes, jobs: shards.length });
