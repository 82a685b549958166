/**
 * Request → service. The gateway finds out which service is meant and who calls; the service does the rest, errors of its
 * operations too. What concerns no operation (a wrong signature, a service that is not here, a defect) is answered here,
 * in the form of the service that was meant.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { Control } from "./control.ts";
import type { AroundCall } from "./faults/around-call.ts";
import type { HttpRequest } from "./listener.ts";
import { findSigningName, isUnsignedForm } from "./route.ts";
import type { Caller, ChunkSignatures, LocalService, SigningName, WireRequest, WireResponse } from "./service.ts";
import { type Authorization, parseAuthorization } from "./signature/authorization.ts";
import { findPresignedProblem } from "./signature/expiry.ts";
import type { KeyRing } from "./signature/key-ring.ts";
import { SignatureError, verifySignature } from "./signature/verify.ts";
import { type AllowedOrigins, answerPreflight, corsHeaders, findPageProblem } from "./web-pages.ts";
import { BodyTooLarge, readBody } from "./wire/body.ts";
import { answerError, answerQuery } from "./wire/error-answer.ts";
import { parseQuery } from "./wire/query-string.ts";
import type { World } from "./world.ts";

export interface GatewayOptions {
  readonly services: readonly LocalService[];
  readonly world: World;
  readonly keys: KeyRing;
  readonly verifySignatures: boolean;
  /** The wall's clock, by which clients sign; in milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Web pages that may use the service. */
  readonly allowedOrigins: AllowedOrigins;
  /** What lets calls fail that are to fail. */
  readonly aroundCall?: AroundCall | undefined;
  /** What a person may look at and change. */
  readonly control?: Control;
}

/** Stands for the service's name in the log of what is no service of AWS. */
const controlName = "control";
const maxFormBytes = 1024 * 1024;
/** More than the largest body of a service that is not S3: InvokeModel takes 25 MB. */
const maxHashedBytes = 64 * 1024 * 1024;

export function makeGateway(options: GatewayOptions): (http: HttpRequest) => Promise<WireResponse> {
  return async (http) => {
    const startedAtMs = options.wallMs();
    const { allowedOrigins } = options;
    const preflight = answerPreflight(http.method, http.headers, allowedOrigins);
    const { response: answered, signingName } =
      preflight === undefined ? await answer(http, options) : { response: preflight, signingName: "-" };
    const response = { ...answered, headers: { ...answered.headers, ...corsHeaders(http.headers, allowedOrigins) } };
    const { method, target } = http;
    const tookMs = options.wallMs() - startedAtMs;
    if (signingName !== controlName)
      options.control?.record({
        atMs: startedAtMs,
        service: signingName,
        method,
        target,
        status: response.status,
        tookMs,
      });
    options.world.log(
      `${signingName} ${http.method} ${http.target} ${response.status} ${options.wallMs() - startedAtMs} ms`,
    );
    return response;
  };
}

interface Answered {
  readonly response: WireResponse;
  readonly signingName: string;
}

async function answer(http: HttpRequest, options: GatewayOptions): Promise<Answered> {
  const { path, query } = splitTarget(http.target);
  const pageProblem = findPageProblem(http.headers, options.allowedOrigins);
  if (pageProblem !== undefined) return { response: answerPage(http, path, pageProblem), signingName: "-" };
  const controlled = await options.control?.answer(http);
  if (controlled !== undefined) return { response: controlled, signingName: controlName };
  let params: Map<string, string>;
  try {
    params = parseQuery(query);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    // Only S3 has an error of its own for it, and finds it again.
    params = new Map();
  }
  const authorization = parseAuthorization(http.headers, params);
  let body = http.body;
  let routed = params;
  if (isUnsignedForm({ authorization, path, headers: http.headers })) {
    const form = await readBody(body, maxFormBytes).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) return Buffer.alloc(0);
      throw error;
    });
    body = Readable.from([form]);
    routed = new Map([...params, ...parseForm(form)]);
  }
  const signingName = findSigningName({ authorization, path, headers: http.headers, params: routed });
  if (signingName === undefined) return { response: answerUnknownService(http), signingName: "-" };
  const requestId = signingName === "s3" ? makeS3RequestId() : randomUUID();
  const service = options.services.find(
    (each) => each.signingName === signingName && (each.paths === undefined || each.paths.test(path)),
  );
  const context = { signingName, requestId, headers: http.headers };
  try {
    const admitted = await admit({ http, path, params, authorization, body, signingName }, options);
    const region = authorization.kind === "v4" ? authorization.scope.region : options.world.region;
    const request: WireRequest = {
      method: http.method,
      path,
      query,
      headers: http.headers,
      requestId,
      region,
      ...admitted,
    };
    if (service === undefined) return { response: answerUnknownService(http), signingName };
    const handle = (wire: WireRequest): Promise<WireResponse> => service.handle(wire);
    const response = await (options.aroundCall?.(signingName, request, handle) ?? handle(request));
    return { response, signingName };
  } catch (error) {
    if (error instanceof SignatureError) return { response: answerError(error.wire, context), signingName };
    if (error instanceof BodyTooLarge) return { response: answerError(tooLarge, context), signingName };
    // The client went away in the middle of its body: nobody is there to answer.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNRESET") return { response: { status: 0, headers: {}, body: "" }, signingName };
    options.world.log(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { response: answerError(defects[signingName === "s3" ? "s3" : "other"], context), signingName };
  }
}

/** Sixteen characters; Node keeps random bytes for UUIDs at hand, which makes one of them cheaper than fresh bytes. */
const makeS3RequestId = (): string => randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase();

const tooLarge = { status: 413, code: "RequestEntityTooLargeException", message: "Request Entity Too Large" } as const;

const defects = {
  s3: { status: 500, code: "InternalError", message: "We encountered an internal error. Please try again." },
  other: { status: 500, code: "InternalFailure", message: "The local service failed; its log says how." },
} as const;

interface Unadmitted {
  readonly http: HttpRequest;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly authorization: Authorization;
  readonly body: Readable;
  readonly signingName: SigningName;
}

interface Admitted {
  readonly caller: Caller;
  readonly body: Readable;
  readonly chunkSignatures?: ChunkSignatures;
}

/** Who calls. @throws SignatureError where signatures are verified and this one does not hold */
async function admit(request: Unadmitted, { keys, verifySignatures, wallMs }: GatewayOptions): Promise<Admitted> {
  const { authorization, http } = request;
  let { body } = request;
  if (!verifySignatures) {
    const problem =
      request.signingName === "s3" ? findPresignedProblem(authorization, http.headers, wallMs()) : undefined;
    if (problem !== undefined) throw new SignatureError(problem);
    if (authorization.kind !== "v4" && authorization.kind !== "v2") return { caller: keys.local, body };
    const { accessKeyId } = authorization;
    return { caller: keys.find(accessKeyId)?.caller ?? { ...keys.local, accessKeyId }, body };
  }
  let payload: Buffer | undefined;
  if (request.signingName !== "s3" && authorization.kind === "v4") {
    payload = await readBody(body, maxHashedBytes);
    body = Readable.from([payload]);
  }
  const { path, params, signingName } = request;
  const { method, headers } = http;
  const verified = verifySignature(
    { method, path, params, headers, authorization, payload, signingName },
    { keys, wallMs: wallMs() },
  );
  return { ...verified, body };
}

/** Refuses a web page, whatever it asks for; its body is not read. */
function answerPage(http: HttpRequest, path: string, message: string): WireResponse {
  const error = { status: 403, code: "AccessDenied", message };
  const authorization = parseAuthorization(http.headers, new Map());
  const signingName = findSigningName({ authorization, path, headers: http.headers, params: new Map() }) ?? "s3";
  const refused = answerError(error, { signingName, requestId: randomUUID(), headers: http.headers });
  return { ...refused, headers: { ...refused.headers, connection: "close" } };
}

function splitTarget(target: string): { path: string; query: string } {
  const local = target.startsWith("/") ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  const mark = local.indexOf("?");
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: path === "" ? "/" : path, query: mark < 0 ? "" : local.slice(mark + 1) };
}

function parseForm(form: Buffer): ReadonlyMap<string, string> {
  try {
    return parseQuery(form.toString("utf8"));
  } catch (error) {
    if (error instanceof URIError) return new Map();
    throw error;
  }
}

/** A signature for a service that is not here: on AWS the name would not resolve, so the words are this service's own. */
function answerUnknownService(http: HttpRequest): WireResponse {
  const requestId = randomUUID();
  const message =
    "The local service has no such service. It serves bedrock, s3, iam, sts, kms, servicequotas and monitoring.";
  if ((http.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) {
    return answerQuery({ status: 400, code: "InvalidAction", message }, requestId, undefined);
  }
  const context = { signingName: "bedrock", requestId, headers: http.headers } as const;
  return answerError({ status: 404, code: "UnknownOperationException", message }, context);
}
