/** The signatures inside an aws-chunked body: each chunk's covers the one before, the first one's the request's own. */
import { createHash } from "node:crypto";
import type { ChunkSignatures } from "../service.ts";
import type { Scope } from "./authorization.ts";
import { hmac, scopeText } from "./canonical.ts";

const emptyHash = createHash("sha256").digest("hex");

export interface ChunkSeed {
  readonly signingKey: Buffer;
  readonly scope: Scope;
  readonly date: string;
  /** The request's signature. */
  readonly signature: string;
}

export function makeChunkSignatures({ signingKey, scope, date, signature }: ChunkSeed): ChunkSignatures {
  let previous = signature;
  const sign = (algorithm: string, ...hashes: string[]): string => {
    previous = hmac(signingKey, [algorithm, date, scopeText(scope), previous, ...hashes].join("\n")).toString("hex");
    return previous;
  };
  return {
    nextChunk: (sha256Hex) => sign("AWS4-HMAC-SHA256-PAYLOAD", emptyHash, sha256Hex),
    trailer: (sha256Hex) => sign("AWS4-HMAC-SHA256-TRAILER", sha256Hex),
  };
}
