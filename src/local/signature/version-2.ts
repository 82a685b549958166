/** Signature Version 2, as boto3 still presigns S3 URLs with unless told otherwise. Only S3 takes it. */
import { createHmac } from "node:crypto";

/** Parameters that are part of the signed resource; all others are not signed. */
const signedParams = new Set([
  "acl",
  "accelerate",
  "analytics",
  "cors",
  "defaultObjectAcl",
  "delete",
  "encryption",
  "inventory",
  "lifecycle",
  "location",
  "logging",
  "metrics",
  "notification",
  "object-lock",
  "partNumber",
  "policy",
  "publicAccessBlock",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "legal-hold",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versionId",
  "versioning",
  "versions",
  "website",
  "ownershipControls",
  "attributes",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
  "select",
  "select-type",
]);

export interface V2Input {
  readonly method: string;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a presigned request; stands where the date would. */
  readonly expires: string | undefined;
}

export function makeV2StringToSign({ method, path, params, headers, expires }: V2Input): string {
  const amz = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-amz-"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join("");
  const resource = [...params]
    .filter(([name]) => signedParams.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join("&");
  const date = expires ?? ("x-amz-date" in headers ? "" : (headers["date"] ?? ""));
  const lines = [method, headers["content-md5"] ?? "", headers["content-type"] ?? "", date];
  return `${lines.join("\n")}\n${amz}${path}${resource === "" ? "" : `?${resource}`}`;
}

export function signV2(secretAccessKey: string, stringToSign: string): string {
  return createHmac("sha1", secretAccessKey).update(stringToSign).digest("base64");
}
