/** One object in a listing. */
import { element, leaf, type Markup } from "../../wire/xml.ts";
import { writeOwner } from "../access/owner.ts";
import type { ObjectEntry } from "../store/entry.ts";

/** @param accountId the owner to name; undefined for none */
export function writeContents(
  entry: ObjectEntry,
  write: (text: string) => string,
  accountId: string | undefined,
): Markup {
  return element(
    "Contents",
    leaf("Key", write(entry.key)),
    leaf("LastModified", new Date(entry.lastModifiedMs).toISOString()),
    leaf("ETag", `"${entry.etag}"`),
    leaf("ChecksumAlgorithm", entry.checksum?.algorithm),
    leaf("ChecksumType", entry.checksum?.type),
    leaf("Size", entry.sizeBytes),
    leaf("StorageClass", entry.system["x-amz-storage-class"] ?? "STANDARD"),
    accountId === undefined ? undefined : writeOwner(accountId),
  );
}
