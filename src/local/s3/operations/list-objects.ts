import { document, element, leaf } from "../../wire/xml.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { listPage, readEncoding, readMax, startAfter } from "../listing.ts";
import { writeContents } from "../listing-contents.ts";
import { defineOperation } from "../operation.ts";
import { toBucket } from "../rights.ts";

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
    const encoding = readEncoding(call);
    const max = readMax(params, "max-keys");
    const prefix = params.get("prefix") ?? "";
    const delimiter = params.get("delimiter") ?? "";
    const marker = params.get("marker") ?? "";
    const page = listPage(bucket.objects, { prefix, delimiter, start: startAfter(marker, prefix, delimiter), max });
    const next = page.next === undefined ? undefined : "after" in page.next ? page.next.after : page.next.afterPrefix;
    const body = document(
      ...([
        "ListBucketResult",
        s3Namespace,
        leaf("Name", call.bucketName),
        leaf("Prefix", encoding.write(prefix)),
      ] as const),
      leaf("Marker", encoding.write(marker)),
      next === undefined || delimiter === "" ? undefined : leaf("NextMarker", encoding.write(next)),
      leaf("MaxKeys", max),
      delimiter === "" ? undefined : leaf("Delimiter", encoding.write(delimiter)),
      leaf("EncodingType", encoding.type),
      leaf("IsTruncated", page.next !== undefined),
      ...page.items.map((entry) => writeContents(entry, encoding.write, world.accountId)),
      ...page.commonPrefixes.map((common) => element("CommonPrefixes", leaf("Prefix", encoding.write(common)))),
    );
    return { body };
  },
});
