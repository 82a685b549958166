import { getBucket, type S3Act } from "../call.ts";
import { uploadTopic } from "../store/bucket.ts";
import { getUpload } from "../upload.ts";

/** Ends an upload and throws its parts away. */
export const abortMultipartUpload: S3Act = async (call) => {
  const bucket = getBucket(call);
  const { id } = getUpload(call, bucket);
  await bucket.commit([uploadTopic(id)], () => {
    getUpload(call, bucket);
    return { op: "abort", uploadId: id };
  });
  return { status: 204 };
};
