/** Whether a request's signature holds: who called, or an error in AWS's words for the service that was asked. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Caller, ChunkSignatures, SigningName } from "../service.ts";
import type { WireError } from "../wire/error-answer.ts";
import type { Authorization, V2Authorization, V4Authorization } from "./authorization.ts";
import { canonicalPaths, hmac, makeCanonicalRequest, makeSigningKey, makeStringToSign } from "./canonical.ts";
import { makeChunkSignatures } from "./chunk-signatures.ts";
import { checkDate, checkV2Expiry } from "./expiry.ts";
import type { AccessKey, KeyRing } from "./key-ring.ts";
import { makeV2StringToSign, signV2 } from "./version-2.ts";
import { protocolOf, type Reason, words } from "./words.ts";

/** A signature that does not hold, as it is answered. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(`${wire.code}: ${wire.message}`);
    this.wire = wire;
  }
}

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: Authorization;
  /** The whole body; undefined for S3, whose header says its hash and whose body is checked as it is read. */
  readonly payload: Buffer | undefined;
  readonly signingName: SigningName;
}

export interface Verified {
  readonly caller: Caller;
  readonly chunkSignatures?: ChunkSignatures;
}

/** @throws SignatureError */
export function verifySignature(request: SignedRequest, { keys, wallMs }: { keys: KeyRing; wallMs: number }): Verified {
  const { authorization, signingName } = request;
  switch (authorization.kind) {
    case "none":
      if (signingName === "s3") return { caller: { ...keys.local, anonymous: true } };
      throw refuse(signingName, "anonymous");
    case "bearer":
      // A Bedrock API key is opaque: any one will do (sources#wire-protocols).
      if (signingName === "bedrock") return { caller: keys.local };
      throw refuse(signingName, "malformed", "Unsupported Authorization Type");
    case "malformed":
      throw refuseMalformed(request, authorization);
    case "v4":
      return verifyV4(request, authorization, findKey(request, authorization, keys, wallMs), wallMs);
    case "v2":
      return verifyV2(request, authorization, findKey(request, authorization, keys, wallMs), wallMs);
  }
}

function refuse(
  signingName: SigningName,
  reason: Reason,
  message?: string,
  details?: Readonly<Record<string, string>>,
): SignatureError {
  const found = words[protocolOf[signingName]][reason];
  return new SignatureError({ ...found, ...(message !== undefined && { message }), ...(details && { details }) });
}

function refuseMalformed(
  { signingName, headers }: SignedRequest,
  { isQuery, problems }: Extract<Authorization, { kind: "malformed" }>,
): SignatureError {
  if (signingName !== "s3") {
    const seen = isQuery ? "" : ` Authorization=${(headers["authorization"] ?? "").split(" ")[0] ?? ""}`;
    return refuse(signingName, "malformed", `${problems.join(" ")}${seen}`.trim());
  }
  if (isQuery) {
    const message =
      problems.length > 0
        ? "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
        : 'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
    return new SignatureError({ status: 400, code: "AuthorizationQueryParametersError", message });
  }
  if (!/^AWS4-HMAC-SHA256\b/.test(headers["authorization"] ?? "")) {
    const details = { ArgumentName: "Authorization", ArgumentValue: headers["authorization"] ?? "" };
    const message = "Unsupported Authorization Type";
    return new SignatureError({ status: 400, code: "InvalidArgument", message, details });
  }
  return refuse(
    "s3",
    "malformed",
    `The authorization header is malformed; ${problems[0] ?? 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'}`,
  );
}

function findKey(
  { signingName }: SignedRequest,
  { accessKeyId, sessionToken }: V4Authorization | V2Authorization,
  keys: KeyRing,
  wallMs: number,
): AccessKey {
  const key = keys.find(accessKeyId);
  if (key === undefined) throw refuse(signingName, "unknownKey", undefined, { AWSAccessKeyId: accessKeyId });
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= wallMs) throw refuse(signingName, "expiredToken");
  if (key.sessionToken !== undefined && !isEqual(key.sessionToken, sessionToken ?? "")) {
    throw refuse(signingName, "wrongToken");
  }
  return key;
}

function verifyV4(request: SignedRequest, authorization: V4Authorization, key: AccessKey, wallMs: number): Verified {
  const { signingName, headers, payload } = request;
  const { scope, signature, signedHeaders, isQuery } = authorization;
  const isS3 = signingName === "s3";
  const problem = checkDate(authorization, { isS3, wallMs });
  if (problem !== undefined) {
    throw "reason" in problem
      ? refuse(signingName, problem.reason, problem.message, problem.details)
      : new SignatureError(problem);
  }
  const unsigned = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
  // A header that nobody signed may be a stranger's. A presigned URL's payload hash is the client's own to send.
  if (isS3 && unsigned.some((name) => name !== "x-amz-content-sha256")) {
    const message = "There were headers present in the request which were not signed";
    throw refuse("s3", "anonymous", message, { HeadersNotSigned: unsigned.join(", ") });
  }
  if (!signedHeaders.includes("host") && !signedHeaders.includes(":authority"))
    throw refuse(signingName, "wrongSignature");
  const payloadHash = findPayloadHash(headers, request.params, { isS3, isQuery, payload });
  const signingKey = makeSigningKey(key.secretAccessKey, scope);
  const date = headerDate(authorization.date ?? "");
  const attempts = canonicalPaths(request.path, isS3).map((path) => {
    const canonicalRequest = makeCanonicalRequest({ ...request, path, signedHeaders, payloadHash });
    return { canonicalRequest, stringToSign: makeStringToSign(date, scope, canonicalRequest) };
  });
  const holds = attempts.some(({ stringToSign }) => isEqual(hmac(signingKey, stringToSign).toString("hex"), signature));
  if (!holds) {
    const { canonicalRequest = "", stringToSign = "" } = attempts[0] ?? {};
    throw refuse(signingName, "wrongSignature", undefined, {
      AWSAccessKeyId: key.accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: signature,
      StringToSignBytes: toHexBytes(stringToSign),
      CanonicalRequest: canonicalRequest,
      CanonicalRequestBytes: toHexBytes(canonicalRequest),
    });
  }
  const seed = { signingKey, scope, date, signature };
  return payloadHash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    ? { caller: key.caller, chunkSignatures: makeChunkSignatures(seed) }
    : { caller: key.caller };
}

/** A `Date` header in words counts as its ISO 8601 basic form. */
function headerDate(date: string): string {
  if (/^\d{8}T\d{6}Z$/.test(date)) return date;
  const atMs = Date.parse(date);
  return Number.isNaN(atMs) ? date : new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function findPayloadHash(
  headers: Readonly<Record<string, string>>,
  params: ReadonlyMap<string, string>,
  { isS3, isQuery, payload }: { isS3: boolean; isQuery: boolean; payload: Buffer | undefined },
): string {
  if (!isS3)
    return createHash("sha256")
      .update(payload ?? "")
      .digest("hex");
  const said = headers["x-amz-content-sha256"] ?? params.get("X-Amz-Content-Sha256");
  if (said !== undefined) return said;
  if (isQuery) return "UNSIGNED-PAYLOAD";
  const message = "Missing required header for this request: x-amz-content-sha256";
  throw new SignatureError({ status: 400, code: "InvalidRequest", message });
}

function verifyV2(request: SignedRequest, authorization: V2Authorization, key: AccessKey, wallMs: number): Verified {
  const expired = checkV2Expiry(authorization, request.headers, wallMs);
  if (expired !== undefined) throw new SignatureError(expired);
  const stringToSign = makeV2StringToSign({ ...request, expires: authorization.expires });
  if (isEqual(signV2(key.secretAccessKey, stringToSign), authorization.signature)) return { caller: key.caller };
  throw refuse("s3", "wrongSignature", undefined, {
    AWSAccessKeyId: key.accessKeyId,
    StringToSign: stringToSign,
    SignatureProvided: authorization.signature,
  });
}

/** Takes as long for a near miss as for a far one. */
function isEqual(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

const toHexBytes = (text: string): string =>
  Buffer.from(text)
    .toString("hex")
    .replace(/(..)(?=.)/g, "$1 ");
