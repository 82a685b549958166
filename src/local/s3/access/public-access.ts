/** The public access block of a bucket. */
import { childText, parseXml } from "../../wire/xml.ts";
import type { Bucket } from "../store/bucket.ts";

export const publicAccessFlags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/** True where the bucket's public access block has that flag. */
export function isBlocked(bucket: Bucket, flag: string): boolean {
  const document = bucket.record.documents["publicAccessBlock"];
  const parsed = document === undefined ? undefined : parseXml(document);
  return parsed !== undefined && childText(parsed.root, flag) === "true";
}
