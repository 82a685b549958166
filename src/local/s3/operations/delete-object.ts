import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call } from "../call.ts";
import { checkWriteConditions } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { type Bucket, keyTopic } from "../store/bucket.ts";
import { isMarker } from "../store/bucket-state.ts";
import type { DeleteMarker, ObjectEntry } from "../store/entry.ts";
import { findVersion, makeRemoval, readVersioning } from "../store/versions.ts";
import { checkVersion, writeVersionHeaders } from "../version.ts";

/** Removes an object, or a version of it; one that is not there counts as removed. */
export const deleteObject = defineOperation({
  name: "DeleteObject",
  wire: { method: "DELETE", level: "object" },
  input: { type: "none" },
  rights: toObject("s3:DeleteObject", { version: "s3:DeleteObjectVersion", anonymous: { bucket: "WRITE" } }),
  notes: {
    served: "one version for good, or behind a delete marker where there are versions",
    checked: "If-Match",
    notBuilt: "MFA, governance",
  },
  async act(_body, call) {
    const bucket = getBucket(call);
    const versionId = call.params.get("versionId");
    const removed = await removeObject(call, bucket, { key: call.key, versionId, ifMatch: call.headers["if-match"] });
    return {
      status: 204,
      headers: {
        ...(removed.marker !== undefined && writeVersionHeaders(bucket, removed.marker)),
        ...(versionId !== undefined && readVersioning(bucket) !== undefined && { "x-amz-version-id": versionId }),
      },
    };
  },
});

export interface Removal {
  readonly key: string;
  /** Undefined for the current object. */
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

/**
 * @returns the delete marker that was made, or that was removed
 * @throws S3Error InvalidArgument; PreconditionFailed, NoSuchKey where `ifMatch` does not hold
 */
export async function removeObject(
  call: S3Call,
  bucket: Bucket,
  { key, versionId, ifMatch }: Removal,
): Promise<{ readonly marker: DeleteMarker | undefined }> {
  checkVersion(bucket, versionId);
  for (const header of ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"]) {
    if (call.headers[header] !== undefined) throw new S3Error("NotImplemented", { details: { Header: header } });
  }
  const find = (): ObjectEntry | DeleteMarker | undefined =>
    versionId === undefined ? bucket.objects.get(key) : findVersion(bucket, key, versionId);
  const check = (): void => {
    const current = find();
    if (ifMatch === undefined) return;
    const object = current === undefined || isMarker(current) ? undefined : current;
    checkWriteConditions({ "if-match": ifMatch }, key, object);
  };
  check();
  // Where there are versions, a removal of nothing makes a delete marker all the same.
  if (find() === undefined && (versionId !== undefined || readVersioning(bucket) === undefined)) {
    return { marker: undefined };
  }
  let marker: DeleteMarker | undefined;
  await bucket.commit([keyTopic(key)], () => {
    check();
    if (versionId === undefined) {
      const change = makeRemoval(bucket, key, call.world.clock.nowMs());
      marker = change.op === "mark" ? change.marker : undefined;
      return change;
    }
    const version = find();
    marker = version !== undefined && isMarker(version) ? version : undefined;
    return { op: "remove", key, ...(versionId !== "null" && { versionId }) };
  });
  return { marker };
}
