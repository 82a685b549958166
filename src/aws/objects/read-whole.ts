import type { Readable } from "node:stream";
import type { GetObjectCommandInput, GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { findDiskError } from "../../foundation/disk-error.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { sdk } from "../sdk.ts";
import { calling } from "../wrap-error.ts";

/** How often an object is read that does not arrive whole. */
const mostTries = 4;

/** An object, or a range of it, that has arrived whole. */
export interface WholeObject<Taken> {
  readonly taken: Taken;
  /** With its quotes. */
  readonly etag: string;
}

/**
 * Reads an object until it has arrived whole: the SDK tries no answer again of which the head has arrived.
 * @param take takes the bytes, anew with each try
 * @param countBytes how many bytes it has taken
 * @param otherwise what a refusal of the SDK stands for; throws what is an error
 * @throws BROKEN_DOWNLOAD, SERVICE_REFUSED, UNREACHABLE; DISK errors of `take` as they are
 */
export async function readWhole<Taken, Other = never>(
  client: S3Client,
  input: GetObjectCommandInput & { readonly Bucket: string; readonly Key: string },
  take: (body: Readable) => Promise<Taken>,
  countBytes: (taken: Taken) => number,
  otherwise: (error: unknown) => Other = rethrow,
): Promise<WholeObject<Taken> | Other> {
  for (let tries = 1; ; tries += 1) {
    const found = await calling("S3", "GetObject", () => send(client, input, otherwise));
    if ("other" in found) return found.other;
    const { Body: body, ContentLength: wanted, ETag: etag = "" } = found.output;
    let reason: string;
    let cause: unknown;
    try {
      const taken = await take(body as Readable);
      const size = countBytes(taken);
      if (wanted === undefined || size === wanted) return { taken, etag };
      reason = `it has ${wanted} bytes, and ${size} arrived`;
    } catch (error) {
      // A disk that is full is no fault of the answer.
      if (findDiskError(error) !== undefined) throw error;
      // A checksum that fails, a connection that breaks off: the SDK looks at both, and tries neither again.
      reason = (error as Error).message.replace(/\.$/, "");
      cause = error;
    }
    if (tries < mostTries) continue;
    const details = { uri: `s3://${input.Bucket}/${input.Key}`, tries, reason };
    throw new HalfpriceError("BROKEN_DOWNLOAD", details, { cause });
  }
}

async function send<Other>(
  client: S3Client,
  input: GetObjectCommandInput,
  otherwise: (error: unknown) => Other,
): Promise<{ readonly output: GetObjectCommandOutput } | { readonly other: Other }> {
  try {
    return { output: await client.send(new sdk.s3.GetObjectCommand(input)) };
  } catch (error) {
    return { other: otherwise(error) };
  }
}

function rethrow(error: unknown): never {
  throw error;
}
