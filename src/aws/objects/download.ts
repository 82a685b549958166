import { createWriteStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { commitFile } from "../../foundation/commit-file.ts";
import { findDiskError } from "../../foundation/disk-error.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { sdk } from "../sdk.ts";
import { calling } from "../wrap-error.ts";

/** A stretch of an object. */
export interface ByteRange {
  readonly fromByte: number;
  readonly sizeBytes: number;
}

/** Where an object is. */
interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** How often an object is fetched that does not arrive whole. */
const downloadTries = 4;

/** @returns what was wrong with the bytes that arrived; undefined where they are the object */
async function downloadOnce(
  client: S3Client,
  { bucket, key }: ObjectPlace,
  path: string,
  range: ByteRange | undefined,
): Promise<string | undefined> {
  const part = range === undefined ? {} : { Range: `bytes=${range.fromByte}-${range.fromByte + range.sizeBytes - 1}` };
  const { Body: body, ContentLength: wanted } = await client.send(
    new sdk.s3.GetObjectCommand({ Bucket: bucket, Key: key, ...part }),
  );
  try {
    await pipeline(body as Readable, createWriteStream(path, { flush: true }));
  } catch (error) {
    // The file could not be written: that is no fault of the download.
    if (findDiskError(error) !== undefined) throw error;
    // A checksum that fails, a connection that breaks off: the SDK looks at both, and tries neither again.
    return (error as Error).message.replace(/\.$/, "");
  }
  const { size } = statSync(path);
  return wanted === undefined || size === wanted ? undefined : `it has ${wanted} bytes, and ${size} arrived`;
}

/**
 * Writes an object's bytes to a file: to a temporary name first. What does not arrive whole is fetched again.
 * @param range a stretch of them, of at least one byte
 * @throws BROKEN_DOWNLOAD, SERVICE_REFUSED, UNREACHABLE, DISK
 */
export async function download(client: S3Client, place: ObjectPlace, path: string, range?: ByteRange): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const reason = await calling("S3", "GetObject", () => downloadOnce(client, place, `${path}.tmp`, range));
    if (reason === undefined) break;
    if (tries < downloadTries) continue;
    throw new HalfpriceError("BROKEN_DOWNLOAD", { uri: `s3://${place.bucket}/${place.key}`, tries, reason });
  }
  commitFile(path);
}
