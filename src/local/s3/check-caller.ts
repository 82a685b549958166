/** Whether the caller may: asked before an operation, and of single keys by those that touch several. */
import { partitionOf } from "../partition.ts";
import type { S3Call } from "./call.ts";
import { S3Error } from "./errors.ts";
import { s3Actions, s3HeaderActions, s3KeyHeaders, s3KeyParams, s3Reads, s3VersionActions } from "./permissions.ts";
import { findVersion } from "./store/versions.ts";

/** A bucket that is not there has no policy to ask, and says so to everybody. @throws S3Error AccessDenied */
export function checkCaller(call: S3Call, operation: string): void {
  const { world, request, bucketName, key, headers } = call;
  // A caller without a name is looked at elsewhere; of several keys each is asked for by itself.
  if (world.authority === undefined || request.caller.anonymous === true || operation === "DeleteObjects") return;
  if (operation === "ListBuckets") return checkRight(call, "s3:ListAllMyBuckets", "*", "");
  if (operation !== "CreateBucket" && call.store.findBucket(bucketName) === undefined) return;
  const further = Object.entries(s3HeaderActions[operation] ?? {}).filter(([header]) => headers[header] !== undefined);
  const versionId = call.params.get("versionId");
  const action = s3Actions[operation] ?? `s3:${operation}`;
  const own = versionId === undefined || key === "" ? action : (s3VersionActions[action] ?? action);
  for (const each of [own, ...further.map(([, name]) => name)]) checkRight(call, each, bucketName, key);
  if (s3Reads.has(operation)) checkThere(call, bucketName, key, versionId);
}

/** What a copy reads. @throws S3Error AccessDenied */
export function checkSource(call: S3Call, bucketName: string, key: string, versionId: string | undefined): void {
  if (call.world.authority === undefined || call.request.caller.anonymous === true) return;
  checkRight(call, versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion", bucketName, key);
  checkThere(call, bucketName, key, versionId);
}

/** Only who may list the bucket learns that a key is not there. */
function checkThere(call: S3Call, bucketName: string, key: string, versionId: string | undefined): void {
  const bucket = call.store.findBucket(bucketName);
  const found = versionId === undefined ? bucket?.objects.get(key) : bucket && findVersion(bucket, key, versionId);
  if (found !== undefined) return;
  checkRight(call, versionId === undefined ? "s3:ListBucket" : "s3:ListBucketVersions", bucketName, "");
}

/** @param key empty for the bucket itself @throws S3Error AccessDenied */
export function checkRight(
  { world, request, headers, params }: S3Call,
  action: string,
  bucketName: string,
  key: string,
): void {
  if (world.authority === undefined || request.caller.anonymous === true) return;
  const resource = `arn:${partitionOf(request.region)}:s3:::${bucketName}${key === "" ? "" : `/${key}`}`;
  const denial = world.authority.findDenial(request.caller, {
    action,
    resource,
    region: request.region,
    bucket: bucketName,
    // S3 alone writes the ARN in quotation marks, and none where the right is to all buckets.
    shown: bucketName === "*" ? "" : `"${resource}"`,
    keys: {
      ...Object.fromEntries(s3KeyHeaders.map((name) => [`s3:${name}`, headers[name]])),
      "s3:versionid": params.get("versionId"),
      ...Object.fromEntries(s3KeyParams.map((name) => [`s3:${name}`, params.get(name)])),
    },
  });
  if (denial !== undefined) throw new S3Error("AccessDenied", { message: denial });
}
