/** The name of the operation that a request asks for, as AWS names it. */
import { Readable } from "node:stream";
import { bedrockOperations } from "../bedrock/operations.ts";
import { runtimeOperations } from "../bedrock-runtime/operations.ts";
import { findOperation, parseAddress } from "../s3/find-operation.ts";
import type { SigningName, WireRequest } from "../service.ts";
import { targetOf } from "../wire/aws-json.ts";
import { readBody } from "../wire/body.ts";
import { parseQuery } from "../wire/query-string.ts";
import { findRoute } from "../wire/rest-json.ts";

export interface NamedRequest {
  /** `Unknown` where no operation fits: the service will say so itself. */
  readonly operation: string;
  /** The request, its body readable as before. */
  readonly request: WireRequest;
}

const unknown = "Unknown";
const bedrockRoutes = [bedrockOperations, runtimeOperations].flatMap(({ operations, notBuilt }) => [
  ...operations,
  ...notBuilt,
]);
const maxFormBytes = 4 * 1024 * 1024;

export async function nameOperation(signingName: SigningName, request: WireRequest): Promise<NamedRequest> {
  if (signingName === "bedrock") {
    return { operation: findRoute(bedrockRoutes, request)?.operation.name ?? unknown, request };
  }
  if (signingName === "s3") return { operation: nameS3(request), request };
  const target = targetOf(request);
  if (target !== undefined) return { operation: target, request };
  // Only the form says what it wants.
  const form = await readBody(request.body, maxFormBytes);
  const params = new Map([...parseQuery(request.query), ...parseQuery(form.toString("utf8").trim())]);
  return { operation: params.get("Action") ?? unknown, request: { ...request, body: Readable.from([form]) } };
}

function nameS3(request: WireRequest): string {
  try {
    const { level } = parseAddress(request.path, request.headers["host"]);
    return findOperation(request.method, level, parseQuery(request.query), request.headers).name;
  } catch {
    return unknown; // what is wrong with it, S3 itself says
  }
}
