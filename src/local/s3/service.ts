/** S3 on the wire: finds the operation, checks what concerns every one of them, and writes answer or error as S3 does. */
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { answerError, hostId } from "../wire/error-answer.ts";
import { parseQuery } from "../wire/query-string.ts";
import type { World } from "../world.ts";
import { s3Acts } from "./acts.ts";
import { checkAnonymous } from "./anonymous.ts";
import { checkBucket } from "./bucket-checks.ts";
import type { S3Answer, S3Call } from "./call.ts";
import { checkCaller } from "./check-caller.ts";
import { S3Error } from "./errors.ts";
import { findOperation, parseAddress } from "./find-operation.ts";
import { BucketGone, type DiskStore } from "./store/disk-store.ts";

export function makeS3Service(world: World, store: DiskStore): LocalService {
  return {
    signingName: "s3",
    async handle(request) {
      try {
        return respond(request, await act(request, world, store));
      } catch (error) {
        if (error instanceof S3Error) return respondError(request, error);
        if (error instanceof BucketGone) return respondError(request, new S3Error("NoSuchBucket"));
        throw error;
      }
    },
  };
}

async function act(request: WireRequest, world: World, store: DiskStore): Promise<S3Answer> {
  const params = readParams(request);
  const headers = withQueryHeaders(request.headers, params);
  const { level, bucketName, key } = parseAddress(request.path, headers["host"]);
  const { name } = findOperation(request.method, level, params, headers);
  const call: S3Call = { request: { ...request, headers }, world, store, params, headers, bucketName, key };
  checkAnonymous(call, name);
  checkBucket(call, name);
  checkCaller(call, name);
  const run = s3Acts[name];
  if (run === undefined) {
    throw new S3Error("NotImplemented", {
      message: `The local service does not serve ${name}.`,
      details: { Operation: name },
    });
  }
  return await run(call);
}

function readParams(request: WireRequest): Map<string, string> {
  try {
    return parseQuery(request.query);
  } catch (error) {
    if (error instanceof URIError) throw new S3Error("InvalidURI", { details: { URI: request.path } });
    throw error;
  }
}

/** A presigned request carries in its query what would have been headers. A checksum there is of no known body. */
function withQueryHeaders(
  headers: Readonly<Record<string, string>>,
  params: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  if (!params.has("X-Amz-Signature") && !params.has("Signature")) return headers;
  const hoisted = [...params]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => /^x-amz-(?!checksum-|sdk-|content-sha256|algorithm|credential|date|expires|sign)/.test(name));
  return { ...Object.fromEntries(hoisted), ...headers };
}

function respond(request: WireRequest, { status = 200, headers, body = "" }: S3Answer): WireResponse {
  const isXml = typeof body === "string" && body !== "";
  return {
    status,
    headers: {
      "x-amz-request-id": request.requestId,
      "x-amz-id-2": hostId(request.requestId),
      server: "AmazonS3",
      ...(isXml && { "content-type": "application/xml" }),
      ...headers,
    },
    body,
  };
}

function respondError(request: WireRequest, error: S3Error): WireResponse {
  const { code, status, message, details } = error;
  const context = { signingName: "s3", requestId: request.requestId, headers: request.headers } as const;
  const answer = answerError({ status, code, message, details }, context);
  return { ...answer, headers: { ...answer.headers, ...error.headers } };
}
