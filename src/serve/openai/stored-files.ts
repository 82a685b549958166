import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { writeDurably } from "../../client-batches/client-batch.ts";
import { commitFile, syncFolder } from "../../foundation/commit-file.ts";
import { defined } from "../../foundation/defined.ts";
import { publishFiles, removeFiles } from "../../library/workspace-files.ts";

/** A file as OpenAI knows it. */
export interface StoredFile {
  readonly id: string;
  readonly bytes: number;
  /** Seconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly filename: string;
  readonly purpose: string;
}

const folderOf = (workspace: string, id: string): string => join(workspace, "serve", "files", id);
const idPattern = /^file-[A-Za-z0-9]{1,60}$/;

/** Where a file's bytes are. */
export function contentPath(workspace: string, id: string): string {
  return join(folderOf(workspace, id), "content");
}

/** @returns undefined where there is no such file, or its time is over */
export function findFile(workspace: string, id: string, nowMs: number): StoredFile | undefined {
  const path = join(folderOf(workspace, id), "file.json");
  if (!idPattern.test(id) || !existsSync(path)) return undefined;
  const file = JSON.parse(readFileSync(path, "utf8")) as StoredFile;
  return file.expiresAt !== undefined && file.expiresAt * 1000 <= nowMs ? undefined : file;
}

/** All files, the newest first. */
export function listFiles(workspace: string, nowMs: number): StoredFile[] {
  const folder = join(workspace, "serve", "files");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((id) => findFile(workspace, id, nowMs) ?? [])
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}

/**
 * Takes the bytes of a file as they come; they are on disk when it resolves, and the file is not there before `keepFile`.
 * @returns how many there are
 */
export async function writeContent(workspace: string, id: string, bytes: Readable): Promise<number> {
  const path = contentPath(workspace, id);
  mkdirSync(folderOf(workspace, id), { recursive: true, mode: 0o700 });
  // Flushed as it is closed, while other requests are served: the commit has next to nothing left to flush.
  await pipeline(bytes, createWriteStream(`${path}.tmp`, { mode: 0o600, flush: true }));
  commitFile(path);
  return statSync(path).size;
}

/** Bytes that are written at a time. */
const chunkBytes = 256 * 1024;

/** A file of lines that is written as they come. */
export class LineSink {
  #handle: FileHandle;
  readonly #path: string;
  #waiting = "";
  bytes = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  static async open(workspace: string, id: string): Promise<LineSink> {
    mkdirSync(folderOf(workspace, id), { recursive: true, mode: 0o700 });
    const path = contentPath(workspace, id);
    rmSync(`${path}.tmp`, { force: true });
    return new LineSink(await open(`${path}.tmp`, "a", 0o600), path);
  }

  async add(line: object): Promise<void> {
    this.#waiting += `${JSON.stringify(line)}\n`;
    if (this.#waiting.length >= chunkBytes) await this.#flush();
  }

  /** Whole lines. */
  async write(lines: Uint8Array): Promise<void> {
    await this.#flush();
    this.bytes += lines.length;
    await this.#handle.appendFile(lines);
  }

  /** Adds whole lines that something else writes into a file. */
  async take(writeTo: (path: string) => Promise<void>): Promise<void> {
    const [own, part] = [`${this.#path}.tmp`, `${this.#path}.part`];
    await writeTo(part);
    await this.#flush();
    if (this.bytes === 0) {
      // It becomes the file itself.
      await rename(part, own);
      const empty = this.#handle;
      this.#handle = await open(own, "a");
      await empty.close();
      await this.#handle.chmod(0o600);
    } else {
      await pipeline(createReadStream(part), createWriteStream(own, { flags: "a" }));
      await rm(part);
    }
    this.bytes = statSync(own).size;
  }

  /** Puts what was added on disk. */
  async close(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    commitFile(this.#path);
  }

  async #flush(): Promise<void> {
    const lines = Buffer.from(this.#waiting, "utf8");
    this.#waiting = "";
    this.bytes += lines.length;
    if (lines.length > 0) await this.#handle.appendFile(lines);
  }
}

/** Puts a file in place whose bytes are there. */
export async function keepFile(workspace: string, file: StoredFile): Promise<void> {
  writeDurably(join(folderOf(workspace, file.id), "file.json"), JSON.stringify(file));
  syncFolder(join(workspace, "serve", "files"));
  await publishFiles(workspace, `serve/files/${file.id}`);
}

/** Removes a file, or what was written of one. */
export function removeFile(workspace: string, id: string): Promise<void> {
  return removeFiles(workspace, `serve/files/${id}`);
}

/** A file as clients see it. */
export function viewFile({ id, bytes, createdAt, expiresAt, filename, purpose }: StoredFile): object {
  return {
    id,
    object: "file",
    bytes,
    created_at: createdAt,
    ...defined({ expires_at: expiresAt }),
    filename,
    purpose,
    status: "processed",
    status_details: null,
  };
}
