/**
 * The aws-chunked framing: `size[;chunk-signature=…]CRLF bytes CRLF`, a chunk of size 0, then trailers. Bytes pass through
 * as they arrive; where chunks are signed, a chunk is checked when its last byte has passed.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { ChunkSignatures } from "../service.ts";

/** Thrown where the framing or a chunk's signature does not hold; the reason is S3's error code for it. */
export class ChunkedError extends Error {
  override readonly name = "ChunkedError";
  readonly reason: "IncompleteBody" | "InvalidChunkSizeError" | "MalformedTrailerError" | "SignatureDoesNotMatch";
  constructor(reason: ChunkedError["reason"]) {
    super(`aws-chunked: ${reason}`);
    this.reason = reason;
  }
}

export interface AwsChunked {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** By lower-case name; complete when all chunks have been read. */
  trailers(): ReadonlyMap<string, string>;
}

const longestLineBytes = 16 * 1024;
/** Only the last chunk with bytes may be smaller (InvalidChunkSizeError, which users of streaming SDKs have met). */
const leastChunkBytes = 8192;

export function decodeAwsChunked(body: AsyncIterable<Buffer>, signatures: ChunkSignatures | undefined): AwsChunked {
  const trailers = new Map<string, string>();
  return { chunks: decode(new ByteReader(body), signatures, trailers), trailers: () => trailers };
}

async function* decode(
  reader: ByteReader,
  signatures: ChunkSignatures | undefined,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  let isSmallSeen = false;
  for (;;) {
    const line = await reader.readLine();
    const match = line === undefined ? null : /^([0-9a-f]{1,14})\s*(?:;(.*))?$/i.exec(line);
    if (match === null) throw new ChunkedError("IncompleteBody");
    const sizeBytes = Number.parseInt(match[1] ?? "", 16);
    if (sizeBytes > 0 && isSmallSeen) throw new ChunkedError("InvalidChunkSizeError");
    isSmallSeen = sizeBytes < leastChunkBytes;
    const sha256 = signatures === undefined ? undefined : createHash("sha256");
    let left = sizeBytes;
    while (left > 0) {
      const piece = await reader.readUpTo(left);
      if (piece === undefined) throw new ChunkedError("IncompleteBody");
      left -= piece.byteLength;
      sha256?.update(piece);
      yield piece;
    }
    if (signatures !== undefined && sha256 !== undefined) {
      const given = /(?:^|;)\s*chunk-signature=([0-9a-f]+)/i.exec(match[2] ?? "")?.[1];
      checkSignature(signatures.nextChunk(sha256.digest("hex")), given);
    }
    if (sizeBytes === 0) break;
    if ((await reader.readLine()) !== "") throw new ChunkedError("IncompleteBody");
  }
  await readTrailers(reader, signatures, trailers);
}

async function readTrailers(
  reader: ByteReader,
  signatures: ChunkSignatures | undefined,
  trailers: Map<string, string>,
): Promise<void> {
  let signed = "";
  let isSigned = false;
  for (;;) {
    const line = await reader.readLine();
    if (line === undefined) break;
    // Some clients end the last chunk and the body with one line end, some with two, some with none.
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon < 1) throw new ChunkedError("MalformedTrailerError");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "x-amz-trailer-signature") {
      isSigned = true;
      if (signatures !== undefined) checkSignature(signatures.trailer(sha256Hex(signed)), value);
      continue;
    }
    trailers.set(name, value);
    signed += `${name}:${value}\n`;
  }
  if (signatures !== undefined && trailers.size > 0 && !isSigned) throw new ChunkedError("MalformedTrailerError");
}

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

function checkSignature(expected: string, given: string | undefined): void {
  const left = Buffer.from(expected);
  const right = Buffer.from(given ?? "");
  if (left.byteLength === right.byteLength && timingSafeEqual(left, right)) return;
  throw new ChunkedError("SignatureDoesNotMatch");
}

/** Lines and runs of bytes from a stream, without copying the bytes. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #isDone = false;

  constructor(body: AsyncIterable<Buffer>) {
    this.#source = body[Symbol.asyncIterator]();
  }

  /** Without its line end; undefined at the end of the stream. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.toString("latin1", 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line.endsWith("\r") ? line.slice(0, -1) : line;
      }
      if (this.#rest.byteLength > longestLineBytes) throw new ChunkedError("IncompleteBody");
      if (!(await this.#more())) return this.#takeRest();
    }
  }

  async readUpTo(sizeBytes: number): Promise<Buffer | undefined> {
    if (this.#rest.byteLength === 0 && !(await this.#more())) return undefined;
    const piece = this.#rest.subarray(0, sizeBytes);
    this.#rest = this.#rest.subarray(piece.byteLength);
    return piece;
  }

  #takeRest(): string | undefined {
    if (this.#rest.byteLength === 0) return undefined;
    const line = this.#rest.toString("latin1");
    this.#rest = Buffer.alloc(0);
    return line;
  }

  async #more(): Promise<boolean> {
    while (!this.#isDone) {
      const next = await this.#source.next();
      if (next.done === true) this.#isDone = true;
      else if (next.value.byteLength > 0) {
        this.#rest = this.#rest.byteLength === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
        return true;
      }
    }
    return false;
  }
}
