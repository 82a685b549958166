import { createWriteStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { commitFile } from "../../foundation/commit-file.ts";
import { readWhole } from "./read-whole.ts";

/** A stretch of an object. */
export interface ByteRange {
  readonly fromByte: number;
  readonly sizeBytes: number;
}

/** A range as HTTP writes it. */
export const toRangeHeader = ({ fromByte, sizeBytes }: ByteRange): string =>
  `bytes=${fromByte}-${fromByte + sizeBytes - 1}`;

/**
 * Writes an object's bytes to a file: to a temporary name first. What does not arrive whole is fetched again.
 * @param range a stretch of them, of at least one byte
 * @throws BROKEN_DOWNLOAD, SERVICE_REFUSED, UNREACHABLE, DISK
 */
export async function download(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  path: string,
  range?: ByteRange,
): Promise<void> {
  const temporary = `${path}.tmp`;
  await readWhole(
    client,
    { Bucket: bucket, Key: key, ...(range === undefined ? {} : { Range: toRangeHeader(range) }) },
    (body) => pipeline(body, createWriteStream(temporary, { flush: true })),
    () => statSync(temporary).size,
  );
  commitFile(path);
}
