import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freezeTable } from "../../src/dataset/freeze-table.ts";
import { defaultJobLimits } from "../../src/foundation/limits.ts";
import type { JobLimits, RecordSummary, Shard } from "../../src/foundation/types/index.ts";
import { families } from "../../src/models/families/index.ts";
import { cutLanes } from "../../src/plan/cut-lanes.ts";
import type { Prompt, TextRow } from "../../src/prompt/prompt.ts";
import { parseTemplate } from "../../src/prompt/template.ts";
import { makeRecords } from "../../src/requests/make-records.ts";
import { recordFiles } from "../../src/requests/record-files.ts";
import type { RecordSource } from "../../src/requests/write-lines.ts";
import { openTestEngine } from "./engine.ts";
import { makeFolder } from "./folder.ts";

export function templateOf(text: string): Prompt {
  return { kind: "template", source: "--prompt", text, parts: parseTemplate(text, "--prompt"), settings: {} };
}

export function functionOf(render: (row: TextRow) => unknown): Prompt {
  return { kind: "function", source: "spec.ts", text: String(render), render, settings: {} };
}

export interface MadeRecords {
  readonly source: RecordSource;
  readonly summary: RecordSummary;
  readonly shards: readonly Shard[];
  /** The text of each shard. */
  readonly files: readonly string[];
}

/** Takes a table through freezing, records and shards, as a run does. */
export async function makeTestRecords(
  path: string,
  prompt: Prompt,
  limits: Partial<JobLimits> = {},
): Promise<MadeRecords> {
  const folder = makeFolder();
  const directory = join(folder, "run");
  mkdirSync(directory);
  const engine = await openTestEngine(folder);
  const { table } = await freezeTable(engine, { path }, directory);
  const family = families.get("anthropic-messages");
  if (family === undefined) throw new Error("no such family");
  const shape = {
    family,
    baseId: "anthropic.claude-haiku-4-5-20251001-v1:0",
    invocation: "InvokeModel",
    parameters: { maxTokens: 50 },
    output: undefined,
  } as const;
  const source = { engine, table, prompt, shape, directory };
  const summary = await makeRecords(source);
  const shards = cutLanes(
    summary.blocks,
    summary.rowCount,
    { ...defaultJobLimits, minRecordsPerJob: 1, ...limits },
    true,
  );
  const lines = readFileSync(join(directory, recordFiles.lines));
  const files = shards.map(({ fromByte, sizeBytes }) =>
    lines.subarray(fromByte, fromByte + sizeBytes).toString("utf8"),
  );
  return { source, summary, shards, files };
}

/** A CSV with every cell quoted. */
export function makeCsv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return [columns, ...rows].map((cells) => `${cells.map(quote).join(",")}\n`).join("");
}
