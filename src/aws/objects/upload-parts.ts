import { open } from "node:fs/promises";
import type { CompletedPart, S3Client } from "@aws-sdk/client-s3";
import { defined } from "../../foundation/defined.ts";
import { sdk } from "../sdk.ts";

/** A part of a file that is to become an object. */
export interface PartedUpload {
  /** @defaultValue "application/jsonl" */
  readonly contentType?: string;
  readonly path: string;
  readonly fromByte: number;
  /** At least 1 for the input of a job. */
  readonly sizeBytes: number;
  readonly bucket: string;
  readonly key: string;
  /** The account that has to own the bucket; any where it is undefined. */
  readonly accountId: string | undefined;
  readonly kmsKey: string | undefined;
  readonly onProgress: (sentBytes: number) => void;
  /** Only where there is no such object yet: S3 refuses it with 412, or 409 while another one is being written. */
  readonly isFirstOnly?: true;
  /** Nothing is taken over from an upload of the same key: the file may have changed since. */
  readonly isFresh?: true;
  /** What is kept beside the object. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** S3 takes parts from 5 MiB and 10,000 of them: 8 MiB reach 78 GiB, and a file of a job has at most 1. */
export const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 4;

/**
 * Sends a part of a file as an object, several parts at once. What an earlier process sent of the same object and did not
 * finish is taken over, part by part: the file of a run does not change, and a key is of one attempt only. Where it fails,
 * the parts stay for the next try; `clean` gives them up. Of a fresh upload nothing stays.
 * @returns the object's entity tag, with its quotes
 */
export async function uploadParts(client: S3Client, upload: PartedUpload): Promise<string> {
  const { path, fromByte, sizeBytes, bucket, key, accountId, kmsKey, onProgress } = upload;
  const place = { Bucket: bucket, Key: key, ExpectedBucketOwner: accountId };
  const kind = {
    ContentType: upload.contentType ?? "application/jsonl",
    ...(upload.metadata === undefined ? {} : { Metadata: upload.metadata }),
    ...(kmsKey === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKey }),
  };
  const condition = upload.isFirstOnly === true ? { IfNoneMatch: "*" } : {};
  const file = await open(path, "r");
  let begun: string | undefined;
  try {
    const read = async (start: number, length: number): Promise<Buffer> => {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(bytes, 0, length, fromByte + start);
      if (bytesRead !== length) throw new Error(`${path} is shorter than it was`);
      return bytes;
    };
    if (sizeBytes <= partBytes) {
      const put = { ...place, ...kind, ...condition, Body: sizeBytes === 0 ? "" : await read(0, sizeBytes) };
      const { ETag = "" } = await client.send(new sdk.s3.PutObjectCommand(put));
      onProgress(sizeBytes);
      return ETag;
    }
    const found = upload.isFresh === true ? undefined : await findBegun(client, upload);
    const UploadId =
      found?.uploadId ??
      (await client.send(new sdk.s3.CreateMultipartUploadCommand({ ...place, ...kind, ChecksumAlgorithm: "CRC32" })))
        .UploadId;
    begun = UploadId;
    const parts = new Map(found?.parts);
    const partCount = Math.ceil(sizeBytes / partBytes);
    const sizeOf = (number: number): number => Math.min(partBytes, sizeBytes - (number - 1) * partBytes);
    let sentBytes = [...parts.keys()].reduce((sum, number) => sum + sizeOf(number), 0);
    onProgress(sentBytes);
    const missing = Array.from({ length: partCount }, (_, index) => index + 1).filter((number) => !parts.has(number));
    const sendNext = async (): Promise<void> => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const Body = await read((number - 1) * partBytes, sizeOf(number));
        const sent = await client.send(new sdk.s3.UploadPartCommand({ ...place, UploadId, PartNumber: number, Body }));
        parts.set(number, { PartNumber: number, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 });
        sentBytes += sizeOf(number);
        onProgress(sentBytes);
      }
    };
    const senders = await Promise.allSettled(Array.from({ length: partsAtOnce }, sendNext));
    // All have ended before a failure is told: the file is open as long as one reads it.
    const failed = senders.find((sender) => sender.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const Parts = [...parts.values()].sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const complete = { ...place, ...condition, UploadId, MultipartUpload: { Parts } };
    return (await client.send(new sdk.s3.CompleteMultipartUploadCommand(complete))).ETag ?? "";
  } catch (error) {
    if (upload.isFresh === true && begun !== undefined) await giveUp(client, place, begun);
    throw error;
  } finally {
    await file.close();
  }
}

/** Parts that nobody will complete are paid for; where they cannot be removed now, the bucket's own rules have to. */
async function giveUp(client: S3Client, place: { Bucket: string; Key: string }, UploadId: string): Promise<void> {
  await client.send(new sdk.s3.AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined);
}

/** The parts of an upload that S3 has, by their numbers; none where the upload is gone. */
export async function listParts(
  client: S3Client,
  { bucket, key, accountId }: Pick<PartedUpload, "bucket" | "key" | "accountId">,
  uploadId: string,
): Promise<Map<number, CompletedPart & { readonly sizeBytes: number }>> {
  const parts = new Map<number, CompletedPart & { readonly sizeBytes: number }>();
  let marker: string | undefined;
  do {
    const page = await client.send(
      new sdk.s3.ListPartsCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        ExpectedBucketOwner: accountId,
        ...defined({ PartNumberMarker: marker }),
      }),
    );
    for (const { PartNumber: number = 0, ETag, ChecksumCRC32, Size: sizeBytes = 0 } of page.Parts ?? []) {
      parts.set(number, { PartNumber: number, ETag, ChecksumCRC32, sizeBytes });
    }
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
}

/** An upload of this object that was begun and not ended, with its whole parts. Who may not look sends everything again. */
async function findBegun(
  client: S3Client,
  upload: PartedUpload,
): Promise<{ uploadId: string; parts: Map<number, CompletedPart> } | undefined> {
  const { bucket, key, accountId, sizeBytes } = upload;
  try {
    const { Uploads: uploads = [] } = await client.send(
      new sdk.s3.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, ExpectedBucketOwner: accountId }),
    );
    const own = uploads
      .filter(({ Key, ChecksumAlgorithm }) => Key === key && (ChecksumAlgorithm ?? "CRC32") === "CRC32")
      .sort((a, b) => Number(b.Initiated) - Number(a.Initiated))[0];
    if (own?.UploadId === undefined) return undefined;
    const parts = new Map<number, CompletedPart>();
    for (const [number, { sizeBytes: partSize, ...part }] of await listParts(client, upload, own.UploadId)) {
      const isWhole = partSize === Math.min(partBytes, sizeBytes - (number - 1) * partBytes);
      if (isWhole) parts.set(number, part);
    }
    return { uploadId: own.UploadId, parts };
  } catch (error) {
    if (error instanceof Error && /AccessDenied|NoSuchUpload/.test(error.name)) return undefined;
    throw error;
  }
}
