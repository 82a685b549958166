import { randomBytes } from "node:crypto";
import { document, leaf } from "../../wire/xml.ts";
import { readObjectAcl } from "../access/acl.ts";
import { takeKey } from "../access/key-rights.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { algorithms, findAlgorithm } from "../checksum/algorithms.ts";
import { S3Error } from "../errors.ts";
import { readObjectHeaders, writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import { uploadTopic } from "../store/bucket.ts";
import type { ChecksumAlgorithm, ChecksumType, UploadEntry } from "../store/entry.ts";
import { readTagHeader } from "../tags.ts";

/** Opens an upload in parts. What the object will carry besides its bytes is said here. */
export const createMultipartUpload = defineOperation({
  name: "CreateMultipartUpload",
  wire: { method: "POST", level: "object", query: ["uploads"] },
  input: { type: "none" },
  rights: toObject("s3:PutObject", {
    byHeader: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
  }),
  notes: {
    served: "with headers, metadata, tags, checksum algorithm and type",
    checked: "which type goes with which algorithm",
    notBuilt: "SSE-C, object lock",
  },
  async act(_body, call) {
    const { headers, key, world } = call;
    const bucket = getBucket(call);
    const { algorithm, type } = readChecksumChoice(headers);
    const tags = readTagHeader(headers["x-amz-tagging"]);
    const acl = readObjectAcl(headers, bucket);
    const kept = takeKey(call, readObjectHeaders(headers, bucket));
    const upload: UploadEntry = {
      id: randomBytes(48).toString("base64url"),
      key,
      initiatedMs: world.clock.nowMs(),
      checksumAlgorithm: algorithm ?? "CRC64NVME",
      checksumType: type,
      isChecksumAsked: algorithm !== undefined,
      ...kept,
      ...(tags !== undefined && { tags }),
      ...(acl !== undefined && { acl }),
    };
    await bucket.commit([uploadTopic(upload.id)], () => ({ op: "upload", upload }));
    return {
      headers: {
        ...writeEncryptionHeaders(kept),
        ...(algorithm !== undefined && { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": type }),
      },
      body: document(
        "InitiateMultipartUploadResult",
        s3Namespace,
        leaf("Bucket", call.bucketName),
        leaf("Key", key),
        leaf("UploadId", upload.id),
      ),
    };
  },
});

/** @throws S3Error InvalidRequest for a type that does not go with the algorithm */
function readChecksumChoice(headers: Readonly<Record<string, string>>): {
  algorithm: ChecksumAlgorithm | undefined;
  type: ChecksumType;
} {
  const name = headers["x-amz-checksum-algorithm"];
  const wanted = headers["x-amz-checksum-type"];
  if (name === undefined) {
    if (wanted === undefined) return { algorithm: undefined, type: "FULL_OBJECT" };
    throw new S3Error("InvalidRequest", {
      message: "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    });
  }
  const algorithm = findAlgorithm(name.toUpperCase());
  if (algorithm === undefined) {
    throw new S3Error("InvalidRequest", {
      message:
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
    });
  }
  const { types } = algorithms[algorithm];
  if (wanted === undefined) return { algorithm, type: types[0] };
  const type = types.find((each) => each === wanted.toUpperCase());
  if (type !== undefined) return { algorithm, type };
  if (wanted !== "COMPOSITE" && wanted !== "FULL_OBJECT") {
    throw new S3Error("InvalidRequest", { message: "Value for x-amz-checksum-type header is invalid." });
  }
  throw new S3Error("InvalidRequest", {
    message: `The ${wanted} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  });
}
