/**
 * The bytes of a body as they are meant: out of their aws-chunked framing, counted, and held against every length and
 * digest that the request gave. The bytes flow through; what is wrong is said at the end, before anything is kept.
 */
import { createHash, type Hash } from "node:crypto";
import type { WireRequest } from "../service.ts";
import { type AwsChunked, ChunkedError, decodeAwsChunked } from "../wire/aws-chunked.ts";
import { algorithms } from "./checksum/algorithms.ts";
import { type Declared, findDeclared } from "./checksum/declared.ts";
import { S3Error } from "./errors.ts";
import { readPatiently } from "./stall.ts";
import type { Checksum, ChecksumAlgorithm } from "./store/entry.ts";

export interface Payload {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** To be asked when all chunks have been read. @throws S3Error for a length or a digest that does not hold */
  check(): CheckedPayload;
}

export interface CheckedPayload {
  readonly sizeBytes: number;
  readonly md5: Buffer;
  /** The checksum that the request gave, or of the algorithm that was asked for. */
  readonly checksum: Checksum | undefined;
  /** In base64, of the algorithm that was to be computed in any case. */
  readonly extra: string | undefined;
}

export interface PayloadOptions {
  /** True where S3 wants to know the length beforehand. */
  readonly isLengthNeeded: boolean;
  /** What to compute where the request declares nothing. */
  readonly defaultAlgorithm?: ChecksumAlgorithm;
  /** What to compute whatever the request declares. */
  readonly extraAlgorithm?: ChecksumAlgorithm | undefined;
  /** Default 5 GiB. */
  readonly maxBytes?: number;
  /** True where a checksum in the headers is not the body's. */
  readonly isChecksumOfOther?: boolean;
}

/** 5 GiB: the largest single PUT ("Uploading objects", S3 user guide). */
export const maxPutBytes = 5 * 1024 ** 3;

/** @throws S3Error for headers that cannot hold whatever the body is */
export function openPayload(request: WireRequest, options: PayloadOptions): Payload {
  const { headers } = request;
  const contentHash = readContentHash(headers["x-amz-content-sha256"]);
  const isChunked =
    contentHash?.startsWith("STREAMING-") ?? (isAwsChunked(headers["content-encoding"]) && hasDecodedLength(headers));
  const declaredBytes = readLength(headers, isChunked, options);
  const contentMd5 = readContentMd5(headers["content-md5"]);
  const declared = options.isChecksumOfOther === true ? undefined : findDeclared(headers);
  const algorithm = declared?.algorithm ?? options.defaultAlgorithm;

  const md5 = createHash("md5");
  const sha256 = contentHash !== undefined && /^[0-9a-f]{64}$/i.test(contentHash) ? createHash("sha256") : undefined;
  const checksum = algorithm === undefined ? undefined : algorithms[algorithm].make();
  // What the request declares as well is computed once.
  const extra =
    options.extraAlgorithm === undefined || options.extraAlgorithm === algorithm
      ? undefined
      : algorithms[options.extraAlgorithm].make();
  const chunked = isChunked ? decodeAwsChunked(readPatiently(request.body), request.chunkSignatures) : undefined;
  let sizeBytes = 0;

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunked?.chunks ?? readPatiently(request.body)) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > (options.maxBytes ?? maxPutBytes)) throw tooLarge(sizeBytes, options.maxBytes ?? maxPutBytes);
        md5.update(chunk);
        sha256?.update(chunk);
        checksum?.update(chunk);
        extra?.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw toS3Error(error);
    }
  }

  return {
    chunks: read(),
    check() {
      if (declaredBytes !== undefined && sizeBytes !== declaredBytes) throw new S3Error("IncompleteBody");
      const digest = md5.digest();
      if (contentMd5 !== undefined && !contentMd5.equals(digest)) {
        const details = { ExpectedDigest: contentMd5.toString("base64"), CalculatedDigest: digest.toString("base64") };
        throw new S3Error("BadDigest", { details });
      }
      checkSha256(contentHash, sha256);
      const value = checksum?.digest();
      checkChecksum(declared, chunked, value);
      const kept =
        algorithm !== undefined && value !== undefined ? { algorithm, value, type: "FULL_OBJECT" as const } : undefined;
      const extraValue = options.extraAlgorithm === algorithm ? value : extra?.digest();
      return { sizeBytes, md5: digest, checksum: kept, extra: extraValue };
    },
  };
}

export const isAwsChunked = (encoding: string | undefined): boolean =>
  encoding?.split(",").some((part) => part.trim().toLowerCase() === "aws-chunked") === true;

const hashWords = [
  "UNSIGNED-PAYLOAD",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

function readContentHash(header: string | undefined): string | undefined {
  if (header === undefined || hashWords.includes(header) || /^[0-9a-f]{64}$/i.test(header)) return header;
  throw new S3Error("InvalidArgument", {
    message: `x-amz-content-sha256 must be ${hashWords.join(", ")}, or a valid sha256 value.`,
    details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: header },
  });
}

const hasDecodedLength = (headers: Readonly<Record<string, string>>): boolean =>
  headers["x-amz-decoded-content-length"] !== undefined;

function readLength(
  headers: Readonly<Record<string, string>>,
  isChunked: boolean,
  { isLengthNeeded, maxBytes = maxPutBytes }: PayloadOptions,
): number | undefined {
  const text = isChunked ? (headers["x-amz-decoded-content-length"] ?? undefined) : headers["content-length"];
  if (text === undefined || text === "") {
    if (!isChunked && !isLengthNeeded) return undefined;
    if (headers["transfer-encoding"] !== undefined && !isChunked) {
      throw new S3Error("NotImplemented", { details: { Header: "Transfer-Encoding" } });
    }
    throw new S3Error("MissingContentLength");
  }
  if (!/^\d+$/.test(text)) throw new S3Error("MissingContentLength");
  const sizeBytes = Number(text);
  if (sizeBytes > maxBytes) throw tooLarge(sizeBytes, maxBytes);
  return sizeBytes;
}

const tooLarge = (proposed: number, max: number): S3Error =>
  new S3Error("EntityTooLarge", { details: { ProposedSize: String(proposed), MaxSizeAllowed: String(max) } });

function readContentMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const digest = Buffer.from(header, "base64");
  if (digest.byteLength !== 16 || digest.toString("base64") !== header.trim()) {
    throw new S3Error("InvalidDigest", { details: { "Content-MD5": header } });
  }
  return digest;
}

function checkSha256(header: string | undefined, sha256: Hash | undefined): void {
  if (header === undefined || sha256 === undefined) return;
  const computed = sha256.digest("hex");
  if (computed === header.toLowerCase()) return;
  const details = { ClientComputedContentSHA256: header, S3ComputedContentSHA256: computed };
  throw new S3Error("XAmzContentSHA256Mismatch", { details });
}

function checkChecksum(
  declared: Declared | undefined,
  chunked: AwsChunked | undefined,
  value: string | undefined,
): void {
  if (declared === undefined) return;
  const given = declared.source === "header" ? declared.value : chunked?.trailers().get(declared.header);
  if (given === undefined) throw new S3Error("MalformedTrailerError");
  if (given === value) return;
  throw new S3Error("BadDigest", {
    message: `The ${declared.algorithm} you specified did not match the calculated checksum.`,
  });
}

function toS3Error(error: unknown): unknown {
  if (error instanceof ChunkedError) return new S3Error(error.reason);
  // The client hung up in the middle.
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE") return new S3Error("IncompleteBody", {});
  return error;
}
