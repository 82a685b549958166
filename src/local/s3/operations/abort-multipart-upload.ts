import { toObject } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { uploadTopic } from "../store/bucket.ts";
import { getUpload } from "../upload.ts";

/** Ends an upload and throws its parts away. */
export const abortMultipartUpload = defineOperation({
  name: "AbortMultipartUpload",
  wire: { method: "DELETE", level: "object", query: ["uploadId"] },
  input: { type: "none" },
  rights: toObject("s3:AbortMultipartUpload"),
  notes: { served: "throws the parts away", checked: "the upload and its key" },
  async act(_body, call) {
    const bucket = getBucket(call);
    const { id } = getUpload(call, bucket);
    await bucket.commit([uploadTopic(id)], () => {
      getUpload(call, bucket);
      return { op: "abort", uploadId: id };
    });
    return { status: 204 };
  },
});
