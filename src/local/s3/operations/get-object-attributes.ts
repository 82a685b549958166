import { document, element, leaf, type Markup } from "../../wire/xml.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call, s3Namespace } from "../call.ts";
import { algorithms } from "../checksum/algorithms.ts";
import { checkReadConditions } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { conditions } from "../note-words.ts";
import { httpDate } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import type { ObjectEntry } from "../store/entry.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

const known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/** What is known of an object, of which the header names the pieces. */
export const getObjectAttributes = defineOperation({
  name: "GetObjectAttributes",
  wire: { method: "GET", level: "object", query: ["attributes"] },
  input: { type: "none" },
  rights: toObject("s3:GetObject", { version: "s3:GetObjectVersion", isRead: true, anonymous: { object: "READ" } }),
  notes: { served: "ETag, Checksum, ObjectParts, StorageClass, ObjectSize", checked: conditions },
  act(_body, call) {
    const bucket = getBucket(call);
    const entry = getEntry(call, bucket);
    checkReadConditions(call.headers, entry);
    const asked = readAsked(call);
    const body = document(
      "GetObjectAttributesResponse",
      s3Namespace,
      asked.has("ETag") ? leaf("ETag", entry.etag) : undefined,
      asked.has("Checksum") ? writeChecksum(entry) : undefined,
      asked.has("ObjectParts") ? writeParts(call, entry) : undefined,
      asked.has("StorageClass") ? leaf("StorageClass", entry.system["x-amz-storage-class"] ?? "STANDARD") : undefined,
      asked.has("ObjectSize") ? leaf("ObjectSize", entry.sizeBytes) : undefined,
    );
    return {
      headers: { "last-modified": httpDate(entry.lastModifiedMs), ...writeVersionHeaders(bucket, entry) },
      body,
    };
  },
});

/** @throws S3Error InvalidArgument */
function readAsked({ headers }: S3Call): ReadonlySet<string> {
  const header = headers["x-amz-object-attributes"] ?? "";
  const names = header.split(",").map((name) => name.trim());
  if (names.every((name) => known.includes(name))) return new Set(names);
  throw new S3Error("InvalidArgument", {
    message: "Invalid attribute name specified.",
    details: { ArgumentName: "x-amz-object-attributes", ArgumentValue: header },
  });
}

function writeChecksum({ checksum }: ObjectEntry): Markup | undefined {
  if (checksum === undefined) return undefined;
  return element(
    "Checksum",
    leaf(algorithms[checksum.algorithm].element, checksum.value),
    leaf("ChecksumType", checksum.type),
  );
}

/** Only parts with a checksum of their own are named one by one. */
function writeParts({ headers }: S3Call, { parts, checksum }: ObjectEntry): Markup | undefined {
  if (parts === undefined) return undefined;
  const marker = Number(headers["x-amz-part-number-marker"] ?? 0);
  const max = Math.min(Number(headers["x-amz-max-parts"] ?? 1000), 1000);
  const named = parts.filter((part) => part.checksum !== undefined && part.number > marker);
  const page = named.slice(0, max);
  return element(
    "ObjectParts",
    leaf("PartsCount", parts.length),
    ...(named.length === 0 || checksum === undefined
      ? []
      : [
          leaf("PartNumberMarker", marker),
          leaf("NextPartNumberMarker", page.at(-1)?.number ?? 0),
          leaf("MaxParts", max),
          leaf("IsTruncated", page.length < named.length),
          ...page.map((part) =>
            element(
              "Part",
              leaf("PartNumber", part.number),
              leaf("Size", part.sizeBytes),
              leaf(algorithms[checksum.algorithm].element, part.checksum),
            ),
          ),
        ]),
  );
}
