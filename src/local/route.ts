/** Which service a request is for: by the scope of its signature, else by what only that service's requests look like. */

import type { SigningName } from "./service.ts";
import type { Authorization } from "./signature/authorization.ts";

const bySigningName: Readonly<Record<string, SigningName>> = {
  bedrock: "bedrock",
  "bedrock-runtime": "bedrock",
  s3: "s3",
  iam: "iam",
  sts: "sts",
  servicequotas: "servicequotas",
  "service-quotas": "servicequotas",
  monitoring: "monitoring",
  kms: "kms",
};

/** The part of `X-Amz-Target` before the dot. */
const byTarget: Readonly<Record<string, SigningName>> = {
  ServiceQuotasV20190624: "servicequotas",
  GraniteServiceVersion20100801: "monitoring",
  TrentService: "kms",
};

/** `Version` of a form. */
const byVersion: Readonly<Record<string, SigningName>> = {
  "2011-06-15": "sts",
  "2010-05-08": "iam",
  "2010-08-01": "monitoring",
};

/** First path segments of the Bedrock services (sources#wire-protocols); no signature says so where there is none. */
const bedrockPath = new RegExp(
  `^/(?:${["model", "model-invocation-jobs?", "foundation-models", "foundation-model-availability", "inference-profiles", "listTagsForResource", "tagResource", "untagResource", "async-invoke", "guardrails?", "openai"].join("|")})(?:/|$)`,
);

export interface RouteInput {
  readonly authorization: Authorization;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The query's parameters, and the form's where the body is one. */
  readonly params: ReadonlyMap<string, string>;
}

/** @returns undefined where the signature names a service that is not here */
export function findSigningName({ authorization, path, headers, params }: RouteInput): SigningName | undefined {
  if (authorization.kind === "v4") return bySigningName[authorization.scope.service];
  if (authorization.kind === "v2") return "s3";
  const target = headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined && target in byTarget) return byTarget[target];
  const rpc = /^\/service\/([^/]+)\/operation\//.exec(path)?.[1];
  if (rpc !== undefined && rpc in byTarget) return byTarget[rpc];
  const version = params.get("Version");
  if (path === "/" && params.has("Action") && version !== undefined && version in byVersion) return byVersion[version];
  if (authorization.kind === "bearer" || bedrockPath.test(path)) return "bedrock";
  return "s3";
}

/** True where only the body can tell: an unsigned form. */
export function isUnsignedForm({ authorization, path, headers }: Omit<RouteInput, "params">): boolean {
  const isForm = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  return path === "/" && isForm && authorization.kind !== "v4" && authorization.kind !== "v2";
}
