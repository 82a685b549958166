import { document, leaf } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { readToken, writeToken } from "../listing/continuation.ts";
import { listPage, readListing, startAfter } from "../listing/listing.ts";
import { writeContents } from "../listing/listing-contents.ts";
import { defineOperation } from "../operation.ts";

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
    const { prefix, delimiter, max, write, head, form, writeCommon } = readListing(call);
    const token = params.get("continuation-token");
    const start = readToken(token) ?? startAfter(params.get("start-after"), prefix, delimiter);
    const page = listPage(bucket.objects, { prefix, delimiter, start, max });
    const owner = params.get("fetch-owner") === "true" ? world.accountId : undefined;
    const body = document(
      "ListBucketResult",
      s3Namespace,
      ...head,
      params.has("start-after") ? leaf("StartAfter", write(params.get("start-after") ?? "")) : undefined,
      leaf("ContinuationToken", token),
      page.next === undefined ? undefined : leaf("NextContinuationToken", writeToken(page.next)),
      leaf("KeyCount", page.items.length + page.commonPrefixes.length),
      ...form(page.next !== undefined),
      ...page.items.map((entry) => writeContents(entry, write, owner)),
      ...writeCommon(page.commonPrefixes),
    );
    return { body };
  },
});
