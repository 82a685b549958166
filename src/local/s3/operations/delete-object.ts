import { getBucket, type S3Act, type S3Call } from "../call.ts";
import { checkWriteConditions } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { type Bucket, keyTopic } from "../store/bucket.ts";
import { checkVersion } from "../version.ts";

/** Removes an object; one that is not there counts as removed. */
export const deleteObject: S3Act = async (call) => {
  const bucket = getBucket(call);
  checkVersion(call.params.get("versionId"));
  await removeObject(call, bucket, call.key, call.headers["if-match"]);
  return { status: 204 };
};

/** @throws S3Error PreconditionFailed, NoSuchKey where `ifMatch` does not hold */
export async function removeObject(
  call: S3Call,
  bucket: Bucket,
  key: string,
  ifMatch: string | undefined,
): Promise<void> {
  for (const header of ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"]) {
    if (call.headers[header] !== undefined) throw new S3Error("NotImplemented", { details: { Header: header } });
  }
  const check = (): void => {
    if (ifMatch !== undefined) checkWriteConditions({ "if-match": ifMatch }, key, bucket.objects.get(key));
  };
  check();
  if (bucket.objects.get(key) === undefined) return;
  await bucket.commit([keyTopic(key)], () => {
    check();
    return { op: "remove", key };
  });
}
