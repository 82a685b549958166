/** An upload in parts, as the operations on it find it. */
import type { S3Call } from "./call.ts";
import { S3Error } from "./errors.ts";
import type { Bucket, Upload } from "./store/bucket.ts";

/** @throws S3Error NoSuchUpload, also where the upload is one of another key */
export function getUpload(call: S3Call, bucket: Bucket): Upload {
  const id = call.params.get("uploadId") ?? "";
  const upload = bucket.uploads.get(id);
  if (upload?.key === call.key) return upload;
  throw new S3Error("NoSuchUpload", { details: { UploadId: id } });
}

const maxParts = 10_000;

/** @throws S3Error InvalidArgument */
export function readPartNumber({ params }: S3Call): number {
  const text = params.get("partNumber") ?? "";
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= maxParts) return number;
  throw new S3Error("InvalidArgument", {
    message: `Part number must be an integer between 1 and ${maxParts}, inclusive`,
    details: { ArgumentName: "partNumber", ArgumentValue: text },
  });
}
