/** One bucket: its record, its keys in order, its uploads, and the journal that makes every change of them last. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Blobs, makeBlobs } from "./blobs.ts";
import type { Blob, BucketRecord, Change, ObjectEntry, PartEntry, UploadEntry } from "./entry.ts";
import { openJournal, readJournal, rewriteJournal } from "./journal.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** What a change of an object is about, for {@link Bucket.commit}. */
export const keyTopic = (key: string): string => `k${key}`;
/** What a change of an upload is about. */
export const uploadTopic = (uploadId: string): string => `u${uploadId}`;

export interface Upload extends UploadEntry {
  readonly parts: ReadonlyMap<number, PartEntry>;
}

export interface Bucket {
  readonly record: BucketRecord;
  readonly objects: SortedKeys<ObjectEntry>;
  /** By upload id. */
  readonly uploads: ReadonlyMap<string, Upload>;
  readonly blobs: Blobs;
  /** True once it is being deleted: nothing more goes in. */
  readonly isGone: boolean;
  /** Writes the record anew with these documents changed; undefined removes one. */
  saveDocuments(changes: Readonly<Record<string, string | undefined>>): Promise<void>;
  /**
   * Makes a change last. `decide` runs when all changes of those keys and uploads before it are done, and may throw to call
   * it off: what it sees is what the change is applied to.
   */
  commit(topics: readonly string[], decide: () => Change): Promise<void>;
  /** Marks it as gone where it is empty. @returns false where it is not */
  retire(): Promise<boolean>;
  close(): Promise<void>;
}

const recordFile = "bucket.json";
const journalFile = "objects.jsonl";
/** A journal with this many lines for every live one is written anew at the start. */
const staleRatio = 2;

/** Makes the folder of a new bucket. */
export async function createBucketFolder(folder: string, record: BucketRecord): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeRecord(folder, record);
}

/** @returns undefined where the folder holds no bucket (a crash may have left it before it was one) */
export async function openBucket(folder: string): Promise<Bucket | undefined> {
  const text = await readFile(join(folder, recordFile), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = new BucketState(JSON.parse(text) as BucketRecord, makeBlobs(join(folder, "data")));
  const path = join(folder, journalFile);
  const changes = await readJournal<Change>(path);
  for (const change of changes) state.apply(change, () => undefined);
  const live = state.liveLines();
  if (changes.length > live * staleRatio + 1000) await rewriteJournal(path, state.snapshot());
  return makeBucket(folder, state, await openJournal<Change>(path));
}

function makeBucket(
  folder: string,
  state: BucketState,
  journal: Awaited<ReturnType<typeof openJournal<Change>>>,
): Bucket {
  let isGone = false;
  let saving: Promise<void> = Promise.resolve();
  const { blobs } = state;
  const referenced = new Set(state.referencedBlobs());
  const sweeping = blobs.sweep((id) => referenced.has(id)).catch(() => undefined);
  return {
    get record() {
      return state.record;
    },
    get isGone() {
      return isGone;
    },
    objects: state.objects,
    uploads: state.uploads,
    blobs,
    saveDocuments(changes) {
      const save = async (): Promise<void> => {
        const merged = Object.entries({ ...state.record.documents, ...changes });
        const documents = Object.fromEntries(
          merged.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
        );
        const record = { ...state.record, documents };
        await writeRecord(folder, record);
        state.record = record;
      };
      const saved = saving.then(save);
      saving = saved.catch(() => undefined);
      return saved;
    },
    commit: (topics, decide) =>
      journal.append({ topics, decide, apply: (change) => state.apply(change, (stale) => blobs.remove(stale)) }),
    async retire() {
      if (state.objects.size > 0) return false;
      isGone = true;
      // Changes that were decided before the mark may still be on their way to the disk.
      await journal.append({ topics: [], decide: () => ({ op: "remove", key: "" }), apply: () => undefined });
      if (state.objects.size > 0) isGone = false;
      return isGone;
    },
    async close() {
      await saving;
      await sweeping;
      await journal.close();
    },
  };
}

async function writeRecord(folder: string, record: BucketRecord): Promise<void> {
  const path = join(folder, recordFile);
  const handle = await open(`${path}.new`, "w", 0o600);
  await handle.writeFile(JSON.stringify(record));
  await handle.datasync();
  await handle.close();
  await rename(`${path}.new`, path);
}

type LiveUpload = Upload & { readonly parts: Map<number, PartEntry> };

class BucketState {
  record: BucketRecord;
  readonly blobs: Blobs;
  readonly objects = new SortedKeys<ObjectEntry>();
  readonly uploads = new Map<string, LiveUpload>();

  constructor(record: BucketRecord, blobs: Blobs) {
    this.record = record;
    this.blobs = blobs;
  }

  /** @param drop is given the files that nothing refers to any longer */
  apply(change: Change, drop: (blobs: readonly Blob[]) => void): void {
    switch (change.op) {
      case "put":
        this.#replace(change.entry, drop);
        return;
      case "remove": {
        const old = this.objects.get(change.key);
        this.objects.delete(change.key);
        if (old !== undefined) drop(old.blobs);
        return;
      }
      case "upload":
        this.uploads.set(change.upload.id, { ...change.upload, parts: new Map() });
        return;
      case "part": {
        const parts = this.uploads.get(change.uploadId)?.parts;
        const old = parts?.get(change.part.number)?.blob;
        parts?.set(change.part.number, change.part);
        if (old !== undefined) drop([old]);
        return;
      }
      case "complete": {
        const kept = new Set(change.entry.blobs.map(({ id }) => id));
        drop(this.#endUpload(change.uploadId).filter(({ id }) => !kept.has(id)));
        this.#replace(change.entry, drop);
        return;
      }
      case "abort":
        drop(this.#endUpload(change.uploadId));
        return;
    }
  }

  /** The changes that lead to this state from an empty bucket. */
  *snapshot(): Generator<Change> {
    for (const entry of this.objects.values()) yield { op: "put", entry };
    for (const { parts, ...upload } of this.uploads.values()) {
      yield { op: "upload", upload };
      for (const part of parts.values()) yield { op: "part", uploadId: upload.id, part };
    }
  }

  liveLines(): number {
    return [...this.uploads.values()].reduce((sum, { parts }) => sum + 1 + parts.size, this.objects.size);
  }

  *referencedBlobs(): Generator<string> {
    for (const { blobs } of this.objects.values()) for (const { id } of blobs) yield id;
    for (const { parts } of this.uploads.values()) for (const { blob } of parts.values()) if (blob) yield blob.id;
  }

  /** Tags and headers may change around the same bytes: only files that the new entry has no more are dropped. */
  #replace(entry: ObjectEntry, drop: (blobs: readonly Blob[]) => void): void {
    const old = this.objects.get(entry.key)?.blobs ?? [];
    this.objects.set(entry);
    if (old.length === 0) return;
    const kept = new Set(entry.blobs.map(({ id }) => id));
    drop(old.filter(({ id }) => !kept.has(id)));
  }

  #endUpload(uploadId: string): Blob[] {
    const parts = [...(this.uploads.get(uploadId)?.parts.values() ?? [])];
    this.uploads.delete(uploadId);
    return parts.flatMap(({ blob }) => blob ?? []);
  }
}
