import { checkKeyRight } from "../access/key-rights.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Answer, type S3Call } from "../call.ts";
import { algorithms } from "../checksum/algorithms.ts";
import { checkReadConditions } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { conditions } from "../note-words.ts";
import { writeChecksumHeaders, writeObjectHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import { type ByteRange, parseRange } from "../range.ts";
import { readOverrides } from "../response-overrides.ts";
import type { Bucket } from "../store/bucket.ts";
import type { ObjectEntry } from "../store/entry.ts";
import { findObject, writeVersionHeaders } from "../version.ts";

/** The bytes of an object, or a range or a part of them. */
export const getObject = defineOperation({
  name: "GetObject",
  wire: { method: "GET", level: "object" },
  input: { type: "none" },
  rights: toObject("s3:GetObject", { version: "s3:GetObjectVersion", isRead: true, anonymous: { object: "READ" } }),
  notes: {
    served: "whole, one range, one part; response-* parameters; checksum where asked",
    checked: conditions,
    notBuilt: "several ranges at once: the whole is sent; SSE-C",
  },
  act(_body, call) {
    const bucket = getBucket(call);
    const { entry, cut, answer } = describeObject(call, bucket);
    checkKeyRight(call, "kms:Decrypt", entry, call.bucketName, call.key);
    const { start, end } = cut ?? { start: 0, end: entry.sizeBytes - 1 };
    const body = start > end ? new Uint8Array() : bucket.blobs.read(entry.blobs, start, end);
    return { ...answer, body };
  },
});

export interface Described {
  readonly entry: ObjectEntry;
  readonly cut: ByteRange | undefined;
  readonly answer: S3Answer;
}

/** Everything about a read but the bytes: status and headers, all conditions checked. */
export function describeObject(call: S3Call, bucket: Bucket): Described {
  const { headers, params } = call;
  const entry = getEntry(call, bucket);
  checkReadConditions(headers, entry);
  const part = readPartNumber(params.get("partNumber"), headers["range"], entry);
  const cut = part?.range ?? parseRange(headers["range"], entry.sizeBytes);
  const length = cut === undefined ? entry.sizeBytes : cut.end - cut.start + 1;
  const isChecksumAsked = headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED";
  return {
    entry,
    cut,
    answer: {
      status: cut === undefined && part === undefined ? 200 : 206,
      headers: {
        ...writeObjectHeaders(entry),
        ...writeVersionHeaders(bucket, entry),
        ...(isChecksumAsked && (cut === undefined ? writeChecksumHeaders(entry.checksum) : part?.checksum)),
        "content-length": String(length),
        ...(cut !== undefined && { "content-range": `bytes ${cut.start}-${cut.end}/${entry.sizeBytes}` }),
        ...(part !== undefined && entry.parts !== undefined && { "x-amz-mp-parts-count": String(entry.parts.length) }),
        ...readOverrides(call),
      },
    },
  };
}

/** The object, or its version, that the call names. @throws S3Error as {@link findObject} */
export const getEntry = (call: S3Call, bucket: Bucket): ObjectEntry =>
  findObject(call, bucket, call.key, call.params.get("versionId"));

interface AskedPart {
  /** Undefined where the part has no bytes. */
  readonly range: ByteRange | undefined;
  readonly checksum: Readonly<Record<string, string>>;
}

/** An object that was written at once has one part. */
function readPartNumber(
  text: string | undefined,
  range: string | undefined,
  entry: ObjectEntry,
): AskedPart | undefined {
  if (text === undefined) return undefined;
  if (range !== undefined) {
    throw new S3Error("InvalidRequest", {
      message: "Cannot specify both Range header and partNumber query parameter",
    });
  }
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 10_000) {
    throw new S3Error("InvalidArgument", {
      message: "Part number must be an integer between 1 and 10000, inclusive",
      details: { ArgumentName: "partNumber", ArgumentValue: text },
    });
  }
  const parts = entry.parts ?? [{ number: 1, sizeBytes: entry.sizeBytes }];
  const index = Number(text) - 1;
  const part = parts[index];
  if (part === undefined) {
    throw new S3Error("InvalidPartNumber", {
      details: { PartNumberRequested: text, ActualPartCount: String(parts.length) },
    });
  }
  const start = parts.slice(0, index).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const checksum =
    part.checksum !== undefined && entry.checksum?.type === "COMPOSITE"
      ? { [algorithms[entry.checksum.algorithm].header]: part.checksum, "x-amz-checksum-type": entry.checksum.type }
      : {};
  return { checksum, range: part.sizeBytes === 0 ? undefined : { start, end: start + part.sizeBytes - 1 } };
}
