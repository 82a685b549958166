/** Calls under a fault plan: what the gateway puts around a service's answer. */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { SigningName, WireRequest, WireResponse } from "../service.ts";
import { answerError } from "../wire/error-answer.ts";
import type { CallFault } from "./fault-plan.ts";
import type { Faults } from "./faults.ts";
import { callErrors } from "./known-errors.ts";
import { nameOperation } from "./name-operation.ts";

/** Answers a request through `handle`, or as a fault would have it. */
export type AroundCall = (
  signingName: SigningName,
  request: WireRequest,
  handle: (request: WireRequest) => Promise<WireResponse>,
) => Promise<WireResponse>;

/** Status 0: the connection is hung up. */
const hangUp: WireResponse = { status: 0, headers: {}, body: "" };

export const makeAroundCall =
  (faults: Faults): AroundCall =>
  async (signingName, given, handle) => {
    const { operation, request } = await nameOperation(signingName, given);
    const fault = faults.forCall(operation, decodeQuietly(request.path));
    return fault === undefined ? handle(request) : await applyFault(fault, signingName, request, handle);
  };

function decodeQuietly(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // the service says what is wrong with it
  }
}

async function applyFault(
  fault: CallFault,
  signingName: SigningName,
  request: WireRequest,
  handle: (request: WireRequest) => Promise<WireResponse>,
): Promise<WireResponse> {
  const known = typeof fault === "string" ? callErrors[fault] : fault.kind === "error" ? fault : undefined;
  if (known !== undefined) {
    request.body.resume();
    const error = { status: known.status, code: known.type, message: known.message };
    const response = answerError(error, { signingName, requestId: request.requestId, headers: request.headers });
    const seconds = typeof fault === "object" && fault.kind === "error" ? fault.retryAfterSeconds : undefined;
    return seconds === undefined
      ? response
      : { ...response, headers: { ...response.headers, "retry-after": `${seconds}` } };
  }
  if (typeof fault === "string" || fault.kind === "reset" || fault.kind === "error") return hangUp;
  const response = await handle(request);
  switch (fault.kind) {
    case "lost-answer":
      if (response.body instanceof Readable) response.body.destroy();
      return hangUp;
    case "wrong-checksum":
      return { ...response, headers: spoilChecksums(response.headers) };
    case "corrupt":
      return changeBody(response, corrupt);
    case "cut":
      return changeBody(response, (chunks) => cut(chunks, fault.afterBytes));
    case "slow":
      return changeBody(response, (chunks) => slow(chunks, fault.delayMs ?? 0, fault.bytesPerSecond));
  }
}

// Checksums of four zero bytes' length, so that they read well and are wrong.
function spoilChecksums(headers: Readonly<Record<string, string>>): Record<string, string> {
  const spoiled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) =>
      /^x-amz-checksum-(?!type)/.test(name)
        ? [name, Buffer.alloc(Buffer.from(value, "base64").length, 7).toString("base64")]
        : [name, value],
    ),
  );
  return Object.keys(headers).some((name) => name.startsWith("x-amz-checksum-"))
    ? spoiled
    : { ...spoiled, "x-amz-checksum-crc32": "BwcHBw==" };
}

type Chunks = AsyncIterable<Uint8Array>;

function changeBody(response: WireResponse, change: (chunks: Chunks) => Chunks): WireResponse {
  const { body } = response;
  const bytes = body instanceof Readable ? undefined : Buffer.from(body);
  const source: Readable =
    body instanceof Readable ? body : Readable.from(bytes === undefined || bytes.length === 0 ? [] : [bytes]);
  // A client can tell a short body only by the length that was promised.
  const length = bytes === undefined ? {} : { "content-length": `${bytes.length}` };
  return { ...response, headers: { ...length, ...response.headers }, body: Readable.from(change(source as Chunks)) };
}

async function* corrupt(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const copy = Uint8Array.from(chunk);
    if (isFirst && copy[0] !== undefined) copy[0] ^= 1;
    isFirst = false;
    yield copy;
  }
}

async function* cut(chunks: Chunks, afterBytes: number): AsyncGenerator<Uint8Array> {
  let left = afterBytes;
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left);
      throw new Error("The answer is cut off by a fault.");
    }
    left -= chunk.length;
    yield chunk;
  }
}

const pieceBytes = 16 * 1024;

async function* slow(chunks: Chunks, delayMs: number, bytesPerSecond: number | undefined): AsyncGenerator<Uint8Array> {
  await sleep(delayMs);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      yield piece;
      if (bytesPerSecond !== undefined) await sleep((piece.length / bytesPerSecond) * 1000);
    }
  }
}
