import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commitFile, makeFolder } from "../foundation/commit-file.ts";
import { publishFiles, removeFiles } from "../library/workspace-files.ts";
import type { BatchGroup, ClientBatch } from "./types.ts";

/*
 * A batch of a client is a folder of the workspace, `batches/<id>/`:
 *
 *   batch.json         what was asked, the runs it became, and how it ended; it comes last, so a folder without it was never accepted
 *   group-<k>.jsonl    the rows of one run; its columns: `groupColumns`
 *   refused.jsonl      requests that cannot be sent, each with its error
 *   cancel             somebody asked for the end of it, and when
 */

/** The folder of a batch. */
export function batchFolder(workspace: string, id: string): string {
  return join(workspace, "batches", id);
}

/** The table of a group's requests. */
export function groupFile(workspace: string, id: string, { index }: Pick<BatchGroup, "index">): string {
  return join(batchFolder(workspace, id), `group-${index}.jsonl`);
}

/** The requests that cannot be sent. */
export function refusedFile(workspace: string, id: string): string {
  return join(batchFolder(workspace, id), "refused.jsonl");
}

/** An id has no letter that leads out of the folder. */
const idPattern = /^[A-Za-z0-9_-]{1,80}$/;

/** @returns undefined where there is no such batch */
export function findBatch(workspace: string, id: string): ClientBatch | undefined {
  const path = join(batchFolder(workspace, id), "batch.json");
  if (!idPattern.test(id) || !existsSync(path)) return undefined;
  const batch = JSON.parse(readFileSync(path, "utf8")) as ClientBatch;
  const cancel = join(batchFolder(workspace, id), "cancel");
  return existsSync(cancel) ? { ...batch, cancelledAt: Number(readFileSync(cancel, "utf8")) } : batch;
}

/** The ids of all batches, accepted or not. */
export function listBatchIds(workspace: string): string[] {
  const folder = join(workspace, "batches");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The batches of a kind of client, the newest first. */
export function listClientBatches(workspace: string, client: ClientBatch["client"]): ClientBatch[] {
  return listBatchIds(workspace)
    .flatMap((id) => findBatch(workspace, id) ?? [])
    .filter((batch) => batch.client === client)
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}

/** Writes what is known of a batch, whole or not at all, and not lost when the power is cut. */
export async function writeBatch(workspace: string, batch: ClientBatch): Promise<void> {
  const path = join(batchFolder(workspace, batch.id), "batch.json");
  writeDurably(path, `${JSON.stringify({ ...batch, cancelledAt: undefined }, null, 2)}\n`);
  await publishFiles(workspace, `batches/${batch.id}`);
}

/** Says that a batch is to end; said again, the first time stays. */
export async function recordCancel(workspace: string, id: string, atMs: number): Promise<void> {
  const path = join(batchFolder(workspace, id), "cancel");
  if (!existsSync(path)) writeDurably(path, String(atMs));
  await publishFiles(workspace, `batches/${id}/cancel`);
}

/** Removes a batch with everything of it. */
export function removeBatch(workspace: string, id: string): Promise<void> {
  return removeFiles(workspace, `batches/${id}`);
}

/** Writes a file whole or not at all; its name is on disk as well. */
export function writeDurably(path: string, text: string): void {
  makeFolder(dirname(path), 0o700);
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  commitFile(path, temporary);
}
