/** Objects in memory, for tests of what stands above S3. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ObjectStore, StoredObject } from "../../src/local/s3/object-store.ts";

export interface MemoryObjects extends ObjectStore {
  addBucket(bucket: string, region: string): void;
  put(bucket: string, key: string, text: string): void;
  /** The text of an object, or undefined. */
  text(bucket: string, key: string): string | undefined;
  keys(bucket: string): string[];
  /** Every key that was ever written, in order. */
  readonly written: string[];
}

export function makeMemoryObjects(): MemoryObjects {
  const buckets = new Map<string, { region: string; objects: Map<string, Buffer> }>();
  const written: string[] = [];
  const get = (bucket: string): Map<string, Buffer> => {
    const found = buckets.get(bucket);
    if (found === undefined) throw new Error(`no bucket ${bucket}`);
    return found.objects;
  };
  const describe = (key: string, bytes: Buffer): StoredObject => ({
    key,
    sizeBytes: bytes.length,
    etag: createHash("md5").update(bytes).digest("hex"),
    lastModifiedMs: 0,
  });
  return {
    written,
    addBucket: (bucket, region) => void buckets.set(bucket, { region, objects: new Map() }),
    put: (bucket, key, text) => void get(bucket).set(key, Buffer.from(text, "utf8")),
    text: (bucket, key) => get(bucket).get(key)?.toString("utf8"),
    keys: (bucket) => [...get(bucket).keys()].sort(),
    findDefaultKey: () => undefined,
    findBucketRegion: (bucket) => buckets.get(bucket)?.region,
    async *list(bucket, prefix) {
      const objects = get(bucket);
      for (const key of [...objects.keys()].sort()) {
        const bytes = objects.get(key);
        if (key.startsWith(prefix) && bytes !== undefined) yield describe(key, bytes);
      }
    },
    find: (bucket, key) => {
      const bytes = get(bucket).get(key);
      return Promise.resolve(bytes === undefined ? undefined : describe(key, bytes));
    },
    read(bucket, key, range) {
      const bytes = get(bucket).get(key);
      if (bytes === undefined) throw new Error(`no object ${key}`);
      const cut = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
      // In pieces that end anywhere, as a file's do.
      const pieces: Buffer[] = [];
      for (let at = 0; at < cut.length; at += 10_007) pieces.push(cut.subarray(at, at + 10_007));
      return Readable.from(pieces);
    },
    async write(bucket, key, source) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      get(bucket).set(key, bytes);
      written.push(key);
      return describe(key, bytes);
    },
    remove: (bucket, key) => {
      get(bucket).delete(key);
      return Promise.resolve();
    },
  };
}
