/** Every bucket under `<data>/s3`, and the part of it that the other services use. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { readDefaultEncryption } from "../buckets/default-encryption.ts";
import { findObjectKey, writeKey } from "../object-key.ts";
import type { ObjectStore, StoredObject } from "../object-store.ts";
import { type Bucket, createBucketFolder, keyTopic, openBucket } from "./bucket.ts";
import type { BucketRecord, ObjectEntry } from "./entry.ts";
import { makeRemoval, withVersion } from "./versions.ts";

export interface DiskStore extends ObjectStore {
  findBucket(name: string): Bucket | undefined;
  /** In the order of their names. */
  listBuckets(): Bucket[];
  /** @returns false where there is one of that name */
  createBucket(record: BucketRecord): Promise<boolean>;
  /** @returns false where it is not empty */
  deleteBucket(name: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openDiskStore(dataDir: string, clock: Clock): Promise<DiskStore> {
  const folder = join(dataDir, "s3");
  const trash = join(dataDir, "s3-trash");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const emptying = rm(trash, { recursive: true, force: true }).catch(() => undefined);
  const buckets = new Map<string, Bucket>();
  /** Names that are being made: two requests for one name must not both win. */
  const pending = new Set<string>();
  for (const name of await readdir(folder)) {
    const bucket = await openBucket(join(folder, name));
    if (bucket !== undefined) buckets.set(name, bucket);
  }

  const get = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`There is no bucket ${name}.`);
    return bucket;
  };

  return {
    findBucket: (name) => buckets.get(name),
    listBuckets: () => [...buckets.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1)),
    async createBucket(record) {
      if (buckets.has(record.name) || pending.has(record.name)) return false;
      pending.add(record.name);
      try {
        const path = join(folder, record.name);
        await createBucketFolder(path, record);
        const bucket = await openBucket(path);
        if (bucket === undefined) throw new Error(`${path} was made and is not there.`);
        buckets.set(record.name, bucket);
      } finally {
        pending.delete(record.name);
      }
      return true;
    },
    async deleteBucket(name) {
      const bucket = get(name);
      if (!(await bucket.retire())) return false;
      buckets.delete(name);
      pending.add(name);
      try {
        await emptying;
        await bucket.close();
        const aside = join(trash, `${name}-${randomBytes(4).toString("hex")}`);
        await mkdir(trash, { recursive: true, mode: 0o700 });
        await rename(join(folder, name), aside);
        await rm(aside, { recursive: true, force: true });
      } finally {
        pending.delete(name);
      }
      return true;
    },
    async close() {
      await emptying;
      await Promise.all([...buckets.values()].map((bucket) => bucket.close()));
    },

    findDefaultKey: (name) => {
      const bucket = buckets.get(name);
      return bucket === undefined ? undefined : findObjectKey({ system: readDefaultEncryption(bucket) });
    },
    findBucketRegion: (name) => buckets.get(name)?.record.region,
    async *list(name, prefix) {
      const { objects } = get(name);
      const isInside = (entry: ObjectEntry | undefined): entry is ObjectEntry => entry?.key.startsWith(prefix) === true;
      let entry = objects.findFrom(prefix);
      while (isInside(entry)) {
        yield toStored(entry);
        entry = objects.findAfter(entry.key);
      }
    },
    find: (name, key) => {
      const entry = buckets.get(name)?.objects.get(key);
      return Promise.resolve(entry && toStored(entry));
    },
    read(name, key, range) {
      const bucket = get(name);
      const entry = bucket.objects.get(key);
      if (entry === undefined) throw new Error(`There is no object ${key} in the bucket ${name}.`);
      return bucket.blobs.read(entry.blobs, range?.start ?? 0, range?.end ?? entry.sizeBytes - 1);
    },
    async write(name, key, source, kmsKey) {
      const bucket = get(name);
      const md5 = createHash("md5");
      const blob = await bucket.blobs.write(source, [md5]);
      const entry: ObjectEntry = {
        key,
        sizeBytes: blob?.sizeBytes ?? 0,
        etag: md5.digest("hex"),
        lastModifiedMs: clock.nowMs(),
        blobs: blob === undefined ? [] : [blob],
        user: {},
        system: {
          "content-type": "application/octet-stream",
          ...(kmsKey === undefined ? readDefaultEncryption(bucket) : writeKey(kmsKey)),
        },
      };
      return toStored(await commitPut(bucket, entry, () => undefined));
    },
    async remove(name, key) {
      const bucket = get(name);
      if (bucket.objects.get(key) === undefined) return;
      await bucket.commit([keyTopic(key)], () => makeRemoval(bucket, key, clock.nowMs()));
    },
  };
}

/**
 * Puts an object in its place, its bytes being on disk already; where `check` throws, or the bucket has gone, they go.
 * @param check sees what is there now under the key
 * @returns the entry with its version
 */
export async function commitPut(
  bucket: Bucket,
  entry: ObjectEntry,
  check: (current: ObjectEntry | undefined) => void,
): Promise<ObjectEntry> {
  let kept = entry;
  try {
    await bucket.commit([keyTopic(entry.key)], () => {
      if (bucket.isGone) throw new BucketGone(bucket.record.name);
      check(bucket.objects.get(entry.key));
      kept = withVersion(bucket, entry);
      return { op: "put", entry: kept };
    });
    return kept;
  } catch (error) {
    bucket.blobs.remove(entry.blobs);
    throw error;
  }
}

/** The bucket was deleted while something was on its way into it. */
export class BucketGone extends Error {
  override readonly name = "BucketGone";
  constructor(bucket: string) {
    super(`The bucket ${bucket} has been deleted.`);
  }
}

const toStored = ({ key, sizeBytes, etag, lastModifiedMs, system }: ObjectEntry): StoredObject => ({
  key,
  sizeBytes,
  etag,
  lastModifiedMs,
  kmsKey: findObjectKey({ system }),
});
