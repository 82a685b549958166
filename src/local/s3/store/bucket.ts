/** One bucket: its record, its keys in order, its uploads, and the journal that makes every change of them last. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Blobs, makeBlobs } from "./blobs.ts";
import { BucketState, type Upload } from "./bucket-state.ts";
import type { BucketRecord, Change, KeyVersions, ObjectEntry, Version } from "./entry.ts";
import { openJournal, readJournal, rewriteJournal } from "./journal.ts";
import type { SortedKeys } from "./sorted-keys.ts";

export type { Upload };

/** What a change of an object is about, for {@link Bucket.commit}. */
export const keyTopic = (key: string): string => `k${key}`;
/** What a change of an upload is about. */
export const uploadTopic = (uploadId: string): string => `u${uploadId}`;

export interface Bucket {
  readonly record: BucketRecord;
  /** The current objects: a key whose newest version is a delete marker has none. */
  readonly objects: SortedKeys<ObjectEntry>;
  /** Keys of which more is kept than one current object. */
  readonly histories: SortedKeys<KeyVersions>;
  /** All versions of a key, newest first. */
  listVersions(key: string): readonly Version[];
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
    histories: state.histories,
    listVersions: (key) => state.listVersions(key),
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
      if (!state.isEmpty()) return false;
      isGone = true;
      // Changes that were decided before the mark may still be on their way to the disk.
      await journal.append({ topics: [], decide: () => ({ op: "remove", key: "" }), apply: () => undefined });
      if (!state.isEmpty()) isGone = false;
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
