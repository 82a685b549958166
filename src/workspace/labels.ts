import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { RunPaths } from "./run-folder.ts";

/** What a person has said of a row's answer. */
export interface RowLabel {
  /** From 1. */
  readonly row: number;
  /** What is right. */
  readonly label: string;
}

const labelsSchema = v.object({
  version: v.literal(1),
  columns: v.record(v.string(), v.record(v.string(), v.string())),
});

/** The labels that people have given to a column of answers, by row. @throws DAMAGED_FILE */
export function readLabels(paths: RunPaths, column: string): RowLabel[] {
  const labels = readAll(paths)[column] ?? {};
  return Object.entries(labels)
    .map(([row, label]) => ({ row: Number(row), label }))
    .sort((one, other) => one.row - other.row);
}

/** Keeps a row's label; undefined takes it away. A person's work: `clean` leaves it. */
export function recordLabel(paths: RunPaths, column: string, row: number, label: string | undefined): void {
  const all = readAll(paths);
  const { [String(row)]: _, ...others } = all[column] ?? {};
  const own = label === undefined ? others : { ...others, [String(row)]: label };
  commitText(paths.labels, `${JSON.stringify({ version: 1, columns: { ...all, [column]: own } }, null, 1)}\n`);
}

function readAll(paths: RunPaths): Readonly<Record<string, Readonly<Record<string, string>>>> {
  if (!existsSync(paths.labels)) return {};
  try {
    return v.parse(labelsSchema, JSON.parse(readFileSync(paths.labels, "utf8"))).columns;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HalfpriceError("DAMAGED_FILE", { path: paths.labels, reason }, { cause });
  }
}
