/**
 * What stands between the gateway and a service: one request in, one answer out, both as they are on the wire. A service
 * knows nothing of sockets, and the gateway nothing of operations.
 */
import type { Readable } from "node:stream";

/** The services on the one port, by the name that a signature's credential scope carries. */
export type SigningName = "bedrock" | "s3" | "iam" | "sts" | "servicequotas" | "monitoring" | "kms";

/** A request as the gateway hands it on. */
export interface WireRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** The query as sent, without the `?`; empty when there is none. */
  readonly query: string;
  /** Names in lower case; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body, not yet read. */
  readonly body: Readable;
  /** Goes back as `x-amzn-requestid` or `x-amz-request-id`. */
  readonly requestId: string;
  /** From the credential scope; the service's own region where the request is unsigned or carries a bearer token. */
  readonly region: string;
  readonly caller: Caller;
  /** Set where signatures are verified and the body's chunks carry their own (`STREAMING-AWS4-HMAC-SHA256-…`). */
  readonly chunkSignatures?: ChunkSignatures;
}

/** Signs the chunks of one aws-chunked body, each with the signature before it. */
export interface ChunkSignatures {
  /** The signature, in hex, of the next chunk, whose bytes have this SHA-256 in hex. */
  nextChunk(sha256Hex: string): string;
  /** The signature of the trailer, whose canonical lines have this SHA-256 in hex. */
  trailer(sha256Hex: string): string;
}

/** Who called, as far as the request says. */
export interface Caller {
  readonly accountId: string;
  /** `arn:aws:iam::123456789012:user/local` or an assumed role's session. */
  readonly arn: string;
  /** `AIDA…` of a user, `AROA…:session` of an assumed role. */
  readonly userId: string;
  /** Undefined where the request is unsigned or carries a bearer token. */
  readonly accessKeyId: string | undefined;
  /** True only where signatures are verified and the request has none: nobody, as S3 knows it. */
  readonly anonymous?: boolean;
}

export interface WireResponse {
  /** An HTTP status, or 0: hang up without an answer (a fault). */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent as it comes, and cut off where it fails; give `content-length` with it where the length is known. */
  readonly body: string | Uint8Array | Readable;
}

/** One AWS service on the port. */
export interface LocalService {
  readonly signingName: SigningName;
  /** Of services with one signing name the first whose pattern matches the path is asked; one without takes the rest. */
  readonly paths?: RegExp;
  /** Answers every request, errors too; throws only on a defect (the gateway then answers 500 InternalFailure). */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Stops timers and work under way; what is kept stays. Called once, when the port is closed. */
  close?(): Promise<void>;
}
