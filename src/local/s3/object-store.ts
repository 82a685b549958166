/**
 * Objects on disk as the other services use them. The S3 operations have more of their own; this is the part that a batch
 * job needs: list, read and write, with no network and no signature in between.
 */
import type { Readable } from "node:stream";

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  /** The KMS key that it is under; undefined under S3's own, and under AWS's for S3. */
  readonly kmsKey?: string | undefined;
}

export interface ObjectStore {
  /** The region of a bucket, or undefined where there is no such bucket. */
  findBucketRegion(bucket: string): string | undefined;
  /** The KMS key that the bucket's own encryption names: what is written without one is under it. */
  findDefaultKey(bucket: string): string | undefined;
  /** The objects under a prefix, in the order of their keys' UTF-8 bytes. */
  list(bucket: string, prefix: string): AsyncIterable<StoredObject>;
  find(bucket: string, key: string): Promise<StoredObject | undefined>;
  /** The object's bytes; `start` and `end` (inclusive) cut a range out. @throws Error where there is no such object */
  read(bucket: string, key: string, range?: { start: number; end: number }): Readable;
  /**
   * Writes the object whole or not at all: to a temporary file, flushed, then renamed.
   * @param kmsKey the key that it is under; the bucket's own encryption where left out
   */
  write(bucket: string, key: string, source: AsyncIterable<Uint8Array>, kmsKey?: string): Promise<StoredObject>;
  remove(bucket: string, key: string): Promise<void>;
}
