import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { outputFolder, outputName } from "../../jobs/fetch-output.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { readManifest } from "../finish/read-manifest.ts";

/** How much of a job's output is read: lines without an answer are short. */
const lookedAtBytes = 1024 * 1024;

/**
 * The words with which every record of the first job that came back was refused, where a run asks the service to hold answers to a
 * schema; undefined as long as nothing says so. Bedrock has begun to refuse that for several models (vercel/ai issue 19988, 2026-08):
 * what refuses one record for the form of its request refuses them all.
 */
export function findOutrightRefusal(
  { structured, output }: RunFile,
  directory: string,
  shards: readonly ShardRow[],
): string | undefined {
  if (structured !== "native" || output === undefined) return undefined;
  const [first] = shards.filter(({ lane, state, round }) => lane === "batch" && state === "collected" && round === 0);
  const { jobArn, inputUri, counts, manifest } = first?.attempt ?? {};
  if (jobArn === undefined || inputUri === undefined) return undefined;
  const successCount = counts?.success ?? readManifest(manifest)?.success;
  if (successCount !== undefined && successCount > 0) return undefined;
  return readOnlyError(join(outputFolder(directory, jobArn), outputName(inputUri)));
}

/** The error that all lines at the beginning of a file have; undefined where one has another, or none. */
function readOnlyError(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const start = Buffer.alloc(lookedAtBytes);
  const file = openSync(path, "r");
  let length: number;
  try {
    length = readSync(file, start);
  } finally {
    closeSync(file);
  }
  const lines = start.toString("utf8", 0, length).split("\n");
  // The last piece is no whole line, or nothing.
  const words = new Set(lines.slice(0, -1).map(readError));
  const [only] = words;
  return words.size === 1 ? only : undefined;
}

function readError(line: string): string | undefined {
  try {
    const { error } = JSON.parse(line) as { error?: { errorMessage?: unknown } | string | null };
    const message = typeof error === "string" ? error : error?.errorMessage;
    return typeof message === "string" && message !== "" ? message : undefined;
  } catch {
    return undefined; // a torn line says nothing of the others
  }
}
