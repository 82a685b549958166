import { buffer } from "node:stream/consumers";
import type { S3Client } from "@aws-sdk/client-s3";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { sdk } from "../sdk.ts";
import { type ByteRange, toRangeHeader } from "./download.ts";
import { readWhole } from "./read-whole.ts";

/** A stretch of an object that is to become an object of its own. */
export interface CopiedRange {
  readonly from: ByteRange & { readonly bucket: string; readonly key: string };
  readonly to: { readonly bucket: string; readonly key: string };
  /** The account that has to own the target's bucket. */
  readonly accountId: string;
  readonly kmsKey: string | undefined;
}

/**
 * S3 copies a range only of an object larger than 5 MB, and at most 5 GB as one part.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html (read 2026-11-30)
 */
const smallestSource = 5 * 1024 * 1024;
const largestPart = 5 * 1024 ** 3;

/**
 * Copies a stretch of an object within S3: its bytes do not come by here, but for those of a small object.
 * @throws BROKEN_DOWNLOAD where a small object has not got that many bytes
 */
export async function copyRange(client: S3Client, { from, to, accountId, kmsKey }: CopiedRange): Promise<void> {
  const { bucket, key, fromByte, sizeBytes } = from;
  const target = { Bucket: to.bucket, Key: to.key, ExpectedBucketOwner: accountId };
  const kind = {
    ContentType: "application/jsonl",
    ...(kmsKey === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKey }),
  };
  const source = { Bucket: bucket, Key: key };
  const { ContentLength: whole = 0 } = await client.send(new sdk.s3.HeadObjectCommand(source));
  if (whole <= smallestSource) {
    const { taken } = await readWhole(
      client,
      { ...source, Range: toRangeHeader(from) },
      buffer,
      ({ length }) => length,
    );
    if (taken.length !== sizeBytes) {
      const reason = `its range has ${taken.length} bytes from ${fromByte}, not ${sizeBytes}`;
      throw new HalfpriceError("BROKEN_DOWNLOAD", { uri: `s3://${bucket}/${key}`, tries: 1, reason });
    }
    await client.send(new sdk.s3.PutObjectCommand({ ...target, ...kind, Body: taken }));
    return;
  }
  const { UploadId } = await client.send(new sdk.s3.CreateMultipartUploadCommand({ ...target, ...kind }));
  const upload = { ...target, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let at = 0; at < sizeBytes; at += largestPart) {
      const last = Math.min(at + largestPart, sizeBytes) - 1;
      const PartNumber = Parts.length + 1;
      const { CopyPartResult } = await client.send(
        new sdk.s3.UploadPartCopyCommand({
          ...upload,
          PartNumber,
          CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
          CopySourceRange: `bytes=${fromByte + at}-${fromByte + last}`,
        }),
      );
      Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    await client.send(new sdk.s3.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    // Parts that nobody will complete are paid for.
    await client.send(new sdk.s3.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
