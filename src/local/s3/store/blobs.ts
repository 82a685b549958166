/**
 * The bytes of objects and parts, one file each, under a name that has nothing to do with the key: any key is safe, and a
 * new version never touches the old one's bytes. A file that is being read stays until its last reader is done.
 */
import { randomBytes } from "node:crypto";
import { createReadStream, mkdirSync } from "node:fs";
import { copyFile, link, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { makeWriter, type Writer } from "./blob-writer.ts";
import type { Blob } from "./entry.ts";

/** What sees the bytes on their way to the disk: a hash. */
export interface Sink {
  update(chunk: Uint8Array): unknown;
}

export interface Blobs {
  /** Writes and flushes one file. No bytes, no file. What fails half-way leaves nothing behind. */
  write(source: AsyncIterable<Uint8Array>, sinks: readonly Sink[]): Promise<Blob | undefined>;
  /** Another name for the same bytes, in a file of its own: nothing is read where the disk can do so. */
  copy(blob: Blob, from: Blobs): Promise<Blob>;
  /** Where a file lies. */
  pathOf(id: string): string;
  /** The bytes of several files as one stream; `start` and `end` (inclusive) count over all of them. */
  read(blobs: readonly Blob[], start: number, end: number): Readable;
  /** Marks the files as read, so that they stay; returns what ends that. */
  hold(blobs: readonly Blob[]): () => void;
  remove(blobs: readonly Blob[]): void;
  /** Removes what an earlier process left half-written or unreferenced. */
  sweep(isReferenced: (id: string) => boolean): Promise<void>;
}

const readChunkBytes = 256 * 1024;
/** Up to here one read call is cheaper than a stream. */
const smallBytes = 64 * 1024;

export function makeBlobs(folder: string): Blobs {
  /** This process's files start with it: a sweep leaves them alone. */
  const boot = randomBytes(5).toString("hex");
  let count = 0;
  const folders = new Set<string>();
  const holds = new Map<string, number>();
  const doomed = new Set<string>();

  const pathOf = (id: string): string => join(folder, id.slice(-2), id);
  const makeId = (): string => {
    count += 1;
    const id = `${boot}-${count.toString(16).padStart(8, "0")}`;
    const parent = id.slice(-2);
    if (!folders.has(parent)) {
      mkdirSync(join(folder, parent), { recursive: true });
      folders.add(parent);
    }
    return id;
  };
  const unlink = (id: string): void => {
    // A file that cannot be removed now is found by the next start's sweep.
    void rm(pathOf(id), { force: true }).catch(() => undefined);
  };
  const release = (id: string): void => {
    const left = (holds.get(id) ?? 1) - 1;
    if (left > 0) holds.set(id, left);
    else {
      holds.delete(id);
      if (doomed.delete(id)) unlink(id);
    }
  };
  const hold = (blobs: readonly Blob[]): (() => void) => {
    for (const { id } of blobs) holds.set(id, (holds.get(id) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) for (const { id } of blobs) release(id);
      isHeld = false;
    };
  };

  return {
    hold,
    pathOf,
    async copy(blob, from) {
      const id = makeId();
      // Files are never changed once they are written, so two names can share one.
      await link(from.pathOf(blob.id), pathOf(id)).catch(() => copyFile(from.pathOf(blob.id), pathOf(id)));
      return { id, sizeBytes: blob.sizeBytes };
    },
    async write(source, sinks) {
      let file: { id: string; writer: Writer } | undefined;
      try {
        for await (const chunk of source) {
          if (chunk.byteLength === 0) continue;
          if (file === undefined) {
            const id = makeId();
            file = { id, writer: makeWriter(await open(pathOf(id), "wx", 0o600)) };
          }
          for (const sink of sinks) sink.update(chunk);
          await file.writer.write(chunk);
        }
        return file === undefined ? undefined : { id: file.id, sizeBytes: await file.writer.end() };
      } catch (error) {
        if (file !== undefined) {
          await file.writer.abandon();
          unlink(file.id);
        }
        throw error;
      }
    },
    read(blobs, start, end) {
      const done = hold(blobs);
      const stream = Readable.from(readPieces(cutPieces(blobs, start, end), pathOf), { objectMode: false });
      stream.once("close", done);
      return stream;
    },
    remove(blobs) {
      for (const { id } of blobs) {
        if (holds.has(id)) doomed.add(id);
        else unlink(id);
      }
    },
    async sweep(isReferenced) {
      for (const parent of await readdir(folder).catch(() => [])) {
        for (const id of await readdir(join(folder, parent)).catch(() => [])) {
          if (!id.startsWith(boot) && !isReferenced(id)) await rm(join(folder, parent, id), { force: true });
        }
      }
    },
  };
}

interface Piece {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly isWhole: boolean;
}

/** Which bytes of which files make up a range over all of them. */
function cutPieces(blobs: readonly Blob[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const { id, sizeBytes } of blobs) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, sizeBytes - 1);
    if (from <= to) pieces.push({ id, start: from, end: to, isWhole: from === 0 && to === sizeBytes - 1 });
    offset += sizeBytes;
  }
  return pieces;
}

async function* readPieces(pieces: readonly Piece[], pathOf: (id: string) => string): AsyncGenerator<Uint8Array> {
  for (const { id, start, end, isWhole } of pieces) {
    if (isWhole && end < smallBytes) yield await readFile(pathOf(id));
    else yield* createReadStream(pathOf(id), { start, end, highWaterMark: readChunkBytes }) as AsyncIterable<Buffer>;
  }
}
