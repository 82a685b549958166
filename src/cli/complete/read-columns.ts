import { closeSync, openSync, readSync } from "node:fs";

/** The names of a table's columns, as far as they can be read at a glance: for completions, which say nothing where they know nothing. */
export function readColumns(path: string): readonly string[] {
  if (!/\.(csv|tsv|jsonl|ndjson)$/i.test(path)) return [];
  const [line = ""] = readStart(path).split(/\r?\n/, 1);
  if (/\.(jsonl|ndjson)$/i.test(path)) {
    try {
      return Object.keys(JSON.parse(line) as object);
    } catch {
      return [];
    }
  }
  const delimiter = [",", ";", "\t", "|"].reduce((best, each) =>
    line.split(each).length > line.split(best).length ? each : best,
  );
  return line
    .replace(/^\ufeff/, "")
    .split(delimiter)
    .map((cell) => cell.replace(/^"|"$/g, ""));
}

function readStart(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(64 * 1024);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
