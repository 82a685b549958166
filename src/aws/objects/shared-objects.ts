import { randomUUID } from "node:crypto";
import { createWriteStream, statSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { type Connection, makeClientOptions } from "../connection.ts";
import { sdk } from "../sdk.ts";
import { watchRegion } from "../watch-region.ts";
import { calling, isRefusal } from "../wrap-error.ts";
import { readWhole } from "./read-whole.ts";
import { uploadParts } from "./upload-parts.ts";

/** An object as a list has it. */
export interface SharedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** With its quotes. */
  readonly etag: string;
}

/**
 * The objects of one bucket that several machines read and write. Writes are conditional: of two that were decided on the same state one
 * is made (`If-Match`, `If-None-Match: *`; https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html, read 2026-11-30).
 */
export interface SharedObjects {
  /** The bytes of an object, `same` where it is still the known one, undefined where there is none. */
  read(
    key: string,
    knownEtag?: string,
  ): Promise<{ readonly bytes: Buffer; readonly etag: string } | "same" | undefined>;
  /**
   * Writes an object where it is still the known one, or where there is none yet.
   * @returns the new tag; undefined where somebody else was first, which is said as well where an earlier try of this very write was made
   */
  write(key: string, bytes: Uint8Array, knownEtag: string | undefined): Promise<string | undefined>;
  /** Puts a file in place of whatever object there is. @returns its tag */
  put(path: string, key: string): Promise<string>;
  /** Puts a file where there is no object yet. @returns its tag; undefined where there was one, and not by this very call */
  putOnce(path: string, key: string): Promise<string | undefined>;
  /** Writes an object's bytes to a file. @returns its tag; undefined where there is no such object */
  download(key: string, path: string): Promise<string | undefined>;
  list(prefix: string): Promise<readonly SharedObject[]>;
  /** One that is not there counts as removed. */
  remove(keys: readonly string[]): Promise<void>;
  close(): void;
}

/** Says which call wrote an object: the SDK repeats a write whose answer was lost, and is then refused because of itself. */
const writtenBy = "halfprice-write";

/** What S3 answers where a condition does not hold, and where two writes of one key meet. */
const isLost = (error: unknown): boolean =>
  isRefusal(error, "PreconditionFailed", "ConditionalRequestConflict", "412", "409");

const isAbsent = (error: unknown): boolean => error instanceof Error && /^(NoSuchKey|NotFound)$/.test(error.name);

const isUnchanged = (error: unknown): boolean =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode === 304;

/** Opens the objects of a bucket. Close it after use. */
export function openSharedObjects(connection: Connection, bucket: string): SharedObjects {
  const options = makeClientOptions(connection);
  const client = watchRegion(
    new sdk.s3.S3Client({ ...options, ...(options.endpoint === undefined ? {} : { forcePathStyle: true }) }),
  );
  const place = (key: string) => ({ Bucket: bucket, Key: key });
  return {
    async read(key, knownEtag) {
      const condition = knownEtag === undefined ? {} : { IfNoneMatch: knownEtag };
      const found = await readWhole(client, { ...place(key), ...condition }, buffer, ({ length }) => length, toOther);
      return found === undefined || found === "same" ? found : { bytes: found.taken, etag: found.etag };
    },
    async write(key, bytes, knownEtag) {
      const condition = knownEtag === undefined ? { IfNoneMatch: "*" } : { IfMatch: knownEtag };
      try {
        return await calling("S3", "PutObject", async () => {
          const sent = await client.send(new sdk.s3.PutObjectCommand({ ...place(key), ...condition, Body: bytes }));
          return sent.ETag;
        });
      } catch (error) {
        // Where the object to be replaced is gone, S3 answers 404.
        if (isLost(error) || isRefusal(error, "NoSuchKey")) return undefined;
        throw error;
      }
    },
    put: (path, key) => calling("S3", "PutObject", () => upload(client, bucket, path, key, {})),
    async putOnce(path, key) {
      const id = randomUUID();
      try {
        return await calling("S3", "PutObject", () =>
          upload(client, bucket, path, key, { isFirstOnly: true, metadata: { [writtenBy]: id } }),
        );
      } catch (error) {
        if (!isLost(error)) throw error;
        const head = await calling("S3", "HeadObject", () => client.send(new sdk.s3.HeadObjectCommand(place(key))));
        return head.Metadata?.[writtenBy] === id ? head.ETag : undefined;
      }
    },
    async download(key, path) {
      const found = await readWhole(
        client,
        place(key),
        (body) => pipeline(body, createWriteStream(path, { flush: true, mode: 0o600 })),
        () => statSync(path).size,
        toOther,
      );
      return found === undefined || found === "same" ? undefined : found.etag;
    },
    async list(prefix) {
      return calling("S3", "ListObjectsV2", async () => {
        const found: SharedObject[] = [];
        for await (const page of sdk.s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key: key = "", Size: sizeBytes = 0, ETag: etag = "" } of page.Contents ?? [])
            found.push({ key, sizeBytes, etag });
        }
        return found;
      });
    },
    async remove(keys) {
      for (const key of keys)
        await calling("S3", "DeleteObject", () => client.send(new sdk.s3.DeleteObjectCommand(place(key))));
    },
    close: () => client.destroy(),
  };
}

/** What S3 answers instead of an object. */
function toOther(error: unknown): "same" | undefined {
  if (isUnchanged(error)) return "same";
  if (isAbsent(error)) return undefined;
  throw error;
}

function upload(
  client: S3Client,
  bucket: string,
  path: string,
  key: string,
  more: { isFirstOnly?: true; metadata?: Readonly<Record<string, string>> },
): Promise<string> {
  return uploadParts(client, {
    ...{ path, bucket, key, fromByte: 0, sizeBytes: statSync(path).size },
    ...{ accountId: undefined, kmsKey: undefined, isFresh: true, onProgress: () => undefined },
    contentType: "application/octet-stream",
    ...more,
  });
}
