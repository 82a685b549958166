import { document, element, leaf } from "../../wire/xml.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { readToken, writeToken } from "../continuation.ts";
import { listPage, readEncoding, readMax, startAfter } from "../listing.ts";
import { writeContents } from "../listing-contents.ts";
import { defineOperation } from "../operation.ts";
import { toBucket } from "../rights.ts";

/** A page of a bucket's keys, in order. */
export const listObjectsV2 = defineOperation({
  name: "ListObjectsV2",
  wire: { method: "GET", level: "bucket", query: ["list-type=2"] },
  input: { type: "none" },
  rights: toBucket("s3:ListBucket", { anonymous: { bucket: "READ" } }),
  notes: {
    served: "prefix, delimiter, start-after, continuation-token, encoding-type, fetch-owner",
    checked: "max-keys, the token",
  },
  act(_body, call) {
    const bucket = getBucket(call);
    const { params, world } = call;
    const encoding = readEncoding(call);
    const max = readMax(params, "max-keys");
    const prefix = params.get("prefix") ?? "";
    const delimiter = params.get("delimiter") ?? "";
    const token = params.get("continuation-token");
    const start = readToken(token) ?? startAfter(params.get("start-after"), prefix, delimiter);
    const page = listPage(bucket.objects, { prefix, delimiter, start, max });
    const owner = params.get("fetch-owner") === "true" ? world.accountId : undefined;
    const body = document(
      ...([
        "ListBucketResult",
        s3Namespace,
        leaf("Name", call.bucketName),
        leaf("Prefix", encoding.write(prefix)),
      ] as const),
      params.has("start-after") ? leaf("StartAfter", encoding.write(params.get("start-after") ?? "")) : undefined,
      leaf("ContinuationToken", token),
      page.next === undefined ? undefined : leaf("NextContinuationToken", writeToken(page.next)),
      leaf("KeyCount", page.items.length + page.commonPrefixes.length),
      leaf("MaxKeys", max),
      delimiter === "" ? undefined : leaf("Delimiter", encoding.write(delimiter)),
      leaf("EncodingType", encoding.type),
      leaf("IsTruncated", page.next !== undefined),
      ...page.items.map((entry) => writeContents(entry, encoding.write, owner)),
      ...page.commonPrefixes.map((common) => element("CommonPrefixes", leaf("Prefix", encoding.write(common)))),
    );
    return { body };
  },
});
