import { document, leaf } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { listPage, readListing, startAfter } from "../listing/listing.ts";
import { writeContents } from "../listing/listing-contents.ts";
import { defineOperation } from "../operation.ts";

/** The first form of the listing: it goes on after a `marker`, and names the next one only where there is a delimiter. */
export const listObjects = defineOperation({
  name: "ListObjects",
  wire: { method: "GET", level: "bucket" },
  input: { type: "none" },
  rights: toBucket("s3:ListBucket", { anonymous: { bucket: "READ" } }),
  notes: { served: "prefix, delimiter, marker, encoding-type", checked: "max-keys" },
  act(_body, call) {
    const bucket = getBucket(call);
    const { params, world } = call;
    const { prefix, delimiter, max, write, head, form, writeCommon } = readListing(call);
    const marker = params.get("marker") ?? "";
    const page = listPage(bucket.objects, { prefix, delimiter, start: startAfter(marker, prefix, delimiter), max });
    const next = page.next === undefined ? undefined : "after" in page.next ? page.next.after : page.next.afterPrefix;
    const body = document(
      "ListBucketResult",
      s3Namespace,
      ...head,
      leaf("Marker", write(marker)),
      next === undefined || delimiter === "" ? undefined : leaf("NextMarker", write(next)),
      ...form(page.next !== undefined),
      ...page.items.map((entry) => writeContents(entry, write, world.accountId)),
      ...writeCommon(page.commonPrefixes),
    );
    return { body };
  },
});
