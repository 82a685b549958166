import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { writeDurably } from "../../client-batches/client-batch.ts";
import { publishFiles } from "../../library/workspace-files.ts";

/** Endpoints of OpenAI that batches are taken for. */
export const endpoints = ["/v1/chat/completions", "/v1/embeddings"] as const;
/** The endpoints that a batch of OpenAI's may be for. */
export type Endpoint = (typeof endpoints)[number];

/** Tokens of a batch as OpenAI counts them. */
export interface BatchUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A problem of the input file, for which the whole batch fails; nothing of it is sent. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  /** From 1; absent where it is about the file as a whole. */
  readonly line?: number;
}

/**
 * A batch as OpenAI's client asked for it. It is accepted when this is on disk. The batch that the worker knows has the same id and is
 * made of the input file afterwards; where the process ends in between, it is made again.
 */
export interface BatchRecord {
  readonly id: string;
  readonly inputFileId: string;
  readonly endpoint: Endpoint;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly outputExpiresSeconds?: number;
  readonly idempotencyKey?: string;
  /** Seconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly inProgressAt?: number;
  readonly finalizingAt?: number;
  readonly cancellingAt?: number;
  /** Set where the batch was cancelled before its file was read. */
  readonly cancelledAt?: number;
  readonly failedAt?: number;
  readonly problems?: readonly InputProblem[];
  readonly outputFileId?: string;
  readonly errorFileId?: string;
  readonly usage?: BatchUsage;
  /** The model, where all requests name the same. */
  readonly model?: string;
}

const folderOf = (workspace: string): string => join(workspace, "serve", "openai");
const pathOf = (workspace: string, id: string): string => join(folderOf(workspace), `${id}.json`);

/** @returns undefined where there is no such batch */
export function findRecord(workspace: string, id: string): BatchRecord | undefined {
  if (!/^batch_[A-Za-z0-9]{1,60}$/.test(id) || !existsSync(pathOf(workspace, id))) return undefined;
  return JSON.parse(readFileSync(pathOf(workspace, id), "utf8")) as BatchRecord;
}

/** The ids of all batches. */
export function listRecordIds(workspace: string): string[] {
  if (!existsSync(folderOf(workspace))) return [];
  return readdirSync(folderOf(workspace)).flatMap((name) => (/^(batch_\w+)\.json$/.exec(name) ?? []).slice(1));
}

/** All batches, the newest first. */
export function listRecords(workspace: string): BatchRecord[] {
  return listRecordIds(workspace)
    .flatMap((id) => findRecord(workspace, id) ?? [])
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}

/** Puts a record on disk. */
export async function writeRecord(workspace: string, record: BatchRecord): Promise<void> {
  writeDurably(pathOf(workspace, record.id), JSON.stringify(record));
  await publishFiles(workspace, relative(workspace, pathOf(workspace, record.id)).split(sep).join("/"));
}
