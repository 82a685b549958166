import { createHash } from "node:crypto";
import { childText, document, leaf, type XmlNode } from "../../wire/xml.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, getChildren, type S3Answer, type S3Call, s3Namespace } from "../call.ts";
import { algorithmNames, algorithms } from "../checksum/algorithms.ts";
import { combineCrcs } from "../checksum/combine.ts";
import { checkWriteConditions } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import { type Bucket, keyTopic, type Upload, uploadTopic } from "../store/bucket.ts";
import { isMarker } from "../store/bucket-state.ts";
import type { Checksum, ObjectEntry, PartEntry } from "../store/entry.ts";
import { withVersion } from "../store/versions.ts";
import { getUpload } from "../upload.ts";
import { writeNewVersion } from "../version.ts";

const makeEmpty = (): S3Error => new S3Error("InvalidRequest", { message: "You must specify at least one part" });

/** All parts but the last ("Amazon S3 multipart upload limits", S3 user guide). */
const minPartBytes = 5 * 1024 ** 2;

/** Makes an object of the parts that are named. No byte is copied: the object is the parts' files in their order. */
export const completeMultipartUpload = defineOperation({
  name: "CompleteMultipartUpload",
  wire: { method: "POST", level: "object", query: ["uploadId"] },
  input: { type: "xml", root: "CompleteMultipartUpload", isChecksumOfOther: true, makeEmpty },
  rights: toObject("s3:PutObject"),
  notes: {
    served: "in one step, without copying; again with the same answer",
    checked: "parts, order, tags, sizes, checksums of parts and whole, x-amz-mp-object-size, If-Match, If-None-Match",
    differs: "answers at once, with no white space before the document",
  },
  async act(readRoot, call) {
    const bucket = getBucket(call);
    const uploadId = call.params.get("uploadId") ?? "";
    const root = await readRoot();
    const asked = getChildren(root, "Part");
    // A client that lost the answer asks again; it gets the same one.
    const earlier = bucket
      .listVersions(call.key)
      .find((each): each is ObjectEntry => !isMarker(each) && each.uploadId === uploadId);
    if (earlier !== undefined) return answer(call, earlier);
    const upload = getUpload(call, bucket);
    const parts = choosePartsOf(upload, asked);
    const entry = makeEntry(call, upload, parts);
    checkFullChecksum(call, entry);
    const check = (): void => checkWriteConditions(call.headers, call.key, bucket.objects.get(call.key));
    check();
    return answer(call, await commit(call, bucket, entry, check));
  },
});

async function commit(call: S3Call, bucket: Bucket, entry: ObjectEntry, check: () => void): Promise<ObjectEntry> {
  const uploadId = call.params.get("uploadId") ?? "";
  let kept = entry;
  await bucket.commit([keyTopic(entry.key), uploadTopic(uploadId)], () => {
    const upload = getUpload(call, bucket);
    check();
    // A part that was sent again since would leave the object with a file that is gone.
    const live = new Set([...upload.parts.values()].map(({ blob }) => blob?.id));
    if (entry.blobs.some(({ id }) => !live.has(id)))
      throw new S3Error("InvalidPart", { details: { UploadId: uploadId } });
    kept = withVersion(bucket, entry);
    return { op: "complete", uploadId, entry: kept };
  });
  return kept;
}

function answer(call: S3Call, entry: ObjectEntry): S3Answer {
  const { checksum } = entry;
  return {
    headers: { ...writeNewVersion(entry), ...writeEncryptionHeaders(entry) },
    body: document(
      "CompleteMultipartUploadResult",
      s3Namespace,
      leaf(
        "Location",
        `http://${call.headers["host"] ?? "127.0.0.1"}/${call.bucketName}/${encodeURIComponent(call.key)}`,
      ),
      leaf("Bucket", call.bucketName),
      leaf("Key", call.key),
      leaf("ETag", `"${entry.etag}"`),
      checksum === undefined ? undefined : leaf(algorithms[checksum.algorithm].element, checksum.value),
      leaf("ChecksumType", checksum?.type),
    ),
  };
}

/** @throws S3Error MalformedXML, InvalidPartOrder, InvalidPart, InvalidRequest, EntityTooSmall */
function choosePartsOf(upload: Upload, asked: readonly XmlNode[]): PartEntry[] {
  let before = 0;
  const parts = asked.map((node) => {
    const number = Number(childText(node, "PartNumber"));
    const etag = childText(node, "ETag")?.trim().replaceAll('"', "");
    if (!Number.isInteger(number) || etag === undefined) throw new S3Error("MalformedXML");
    if (number < 1 || number > 10_000) {
      throw new S3Error("InvalidArgument", {
        message: "PartNumber must be >= 1",
        details: { ArgumentName: "partNumber" },
      });
    }
    if (number <= before) throw new S3Error("InvalidPartOrder", { details: { UploadId: upload.id } });
    before = number;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag) throw invalidPart(upload, number, etag);
    checkPartChecksums(upload, node, part);
    return part;
  });
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < minPartBytes);
  if (small === undefined) return parts;
  throw new S3Error("EntityTooSmall", {
    details: {
      ETag: small.etag,
      MinSizeAllowed: String(minPartBytes),
      PartNumber: String(small.number),
      ProposedSize: String(small.sizeBytes),
    },
  });
}

const invalidPart = (upload: Upload, number: number, etag: string): S3Error =>
  new S3Error("InvalidPart", { details: { UploadId: upload.id, PartNumber: String(number), ETag: etag } });

function checkPartChecksums(upload: Upload, node: XmlNode, part: PartEntry): void {
  for (const name of algorithmNames) {
    const given = childText(node, algorithms[name].element)?.trim();
    const known = part.checksums[name];
    if (given !== undefined && known !== undefined && given !== known)
      throw invalidPart(upload, part.number, part.etag);
    if (given !== undefined || name !== upload.checksumAlgorithm || upload.checksumType !== "COMPOSITE") continue;
    throw new S3Error("InvalidRequest", {
      message: `The upload was created using a ${name.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    });
  }
}

function makeEntry(call: S3Call, upload: Upload, parts: readonly PartEntry[]): ObjectEntry {
  const { checksumAlgorithm, system, user, tags, acl } = upload;
  const digests = parts.map(({ etag }) => Buffer.from(etag, "hex"));
  return {
    key: upload.key,
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    etag: `${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${parts.length}`,
    lastModifiedMs: call.world.clock.nowMs(),
    blobs: parts.flatMap(({ blob }) => blob ?? []),
    system,
    user,
    checksum: makeWholeChecksum(upload, parts),
    parts: parts.map(({ number, sizeBytes, checksums }) => {
      const checksum = upload.isChecksumAsked ? checksums[checksumAlgorithm] : undefined;
      return { number, sizeBytes, ...(checksum !== undefined && { checksum }) };
    }),
    uploadId: upload.id,
    ...(tags !== undefined && { tags }),
    ...(acl !== undefined && { acl }),
  };
}

/** Composite: the checksum of the parts' checksums. Full: what the whole would have given in one piece. */
function makeWholeChecksum({ checksumAlgorithm, checksumType }: Upload, parts: readonly PartEntry[]): Checksum {
  const values = parts.map(({ checksums, sizeBytes }) => ({ value: checksums[checksumAlgorithm] ?? "", sizeBytes }));
  if (checksumType === "FULL_OBJECT") {
    return { algorithm: checksumAlgorithm, type: checksumType, value: combineCrcs(checksumAlgorithm, values) };
  }
  const running = algorithms[checksumAlgorithm].make();
  for (const { value } of values) running.update(Buffer.from(value, "base64"));
  return { algorithm: checksumAlgorithm, type: checksumType, value: `${running.digest()}-${parts.length}` };
}

/** @throws S3Error BadDigest, InvalidRequest where what the request says of the whole does not hold */
function checkFullChecksum({ headers }: S3Call, entry: ObjectEntry): void {
  const size = headers["x-amz-mp-object-size"];
  if (size !== undefined && Number(size) !== entry.sizeBytes) {
    throw new S3Error("InvalidRequest", {
      message: "The provided 'x-amz-mp-object-size' header does not match what was computed.",
    });
  }
  const type = headers["x-amz-checksum-type"];
  if (type !== undefined && type !== entry.checksum?.type) {
    throw new S3Error("InvalidRequest", {
      message: `The upload was created using the ${entry.checksum?.type ?? "null"} checksum mode. The complete request must use the same checksum mode.`,
    });
  }
  for (const name of algorithmNames) {
    const given = headers[algorithms[name].header];
    if (given === undefined || name !== entry.checksum?.algorithm) continue;
    if (given.replace(/-\d+$/, "") === entry.checksum.value.replace(/-\d+$/, "")) continue;
    throw new S3Error("BadDigest", {
      message: `The ${name.toLowerCase()} you specified did not match the calculated checksum.`,
    });
  }
}
