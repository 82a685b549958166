/** What S3 checks of a bucket before any operation looks at it: whose it is, and where. */
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";

/** @throws S3Error PermanentRedirect, AccessDenied, KeyTooLongError. A bucket that is not there is the operation's to say */
export function checkBucket(call: S3Call, operation: string): void {
  const { bucketName, request, headers, store, key } = call;
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error("KeyTooLongError", { details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: "1024" } });
  }
  const bucket = store.findBucket(bucketName);
  if (bucket === undefined || operation === "CreateBucket") return;
  const { region, ownerId } = bucket.record;
  const expected = headers["x-amz-expected-bucket-owner"];
  if (expected !== undefined && expected !== ownerId) {
    if (/^\d{12}$/.test(expected)) throw new S3Error("AccessDenied");
    throw new S3Error("InvalidRequest", {
      message: "The value of the expected bucket owner parameter must be an AWS Account ID.",
    });
  }
  // The port stands for the endpoint of the region that the request is signed for. Unsigned ones name no region.
  const isSigned = request.caller.accessKeyId !== undefined;
  if (isSigned && request.region !== region && operation !== "GetBucketLocation") {
    const endpoint = `${bucketName}.s3.${region}.amazonaws.com`;
    throw new S3Error("PermanentRedirect", {
      details: { Endpoint: endpoint, Bucket: bucketName },
      headers: { "x-amz-bucket-region": region },
    });
  }
}
