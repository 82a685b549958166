/** S3 on the wire: finds the operation, checks what concerns every one of them, and writes answer or error as S3 does. */

import type { BodyShape } from "../operation.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { answerError, hostId } from "../wire/error-answer.ts";
import { parseQuery } from "../wire/query-string.ts";
import type { World } from "../world.ts";
import { checkAnonymous } from "./access/anonymous.ts";
import { checkCaller } from "./access/check-caller.ts";
import { toBucket } from "./access/rights.ts";
import { checkBucket } from "./buckets/bucket-checks.ts";
import { readDocument, readXml, type S3Answer, type S3Call } from "./call.ts";
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
  const operation = findOperation(request.method, level, params, headers);
  const { name } = operation;
  const call: S3Call = { request: { ...request, headers }, world, store, params, headers, bucketName, key };
  // Also of what is not built: who may not do it is not told so.
  const rights = "rights" in operation ? operation.rights : toBucket(`s3:${name}`);
  checkAnonymous(call, name, rights.anonymous);
  checkBucket(call, name);
  checkCaller(call, { rights });
  if (!("act" in operation)) {
    throw new S3Error("NotImplemented", {
      message: `The local service does not serve ${name}.`,
      details: { Operation: name },
    });
  }
  return await operation.act(readInput(operation.input, call), call, call.request);
}

/** What the operation is given: its document is read when it asks. */
function readInput(input: BodyShape, call: S3Call): unknown {
  if (input.type === "text") return () => readDocument(call);
  return input.type === "xml" ? () => readXml(call, input) : undefined;
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
