/** Tag sets: of a bucket, of an object, in a document or in a header. */

import { parseQuery } from "../wire/query-string.ts";
import { children, childText, element, leaf, type Markup, type XmlNode } from "../wire/xml.ts";
import { S3Error } from "./errors.ts";
import type { Tag } from "./store/entry.ts";

/** "Categorizing your storage using tags", S3 user guide. */
const maxKeyChars = 128;
const maxValueChars = 256;
const ofObject = "Your TagKey cannot be prefixed with aws:";
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws S3Error InvalidTag, BadRequest, MalformedXML */
export function readTagSet(root: XmlNode, maxTags: 10 | 50, isNewBucket = false): Tag[] {
  const set = children(root, "TagSet")[0];
  if (set === undefined) throw new S3Error("MalformedXML");
  const tags = children(set, "Tag").map((tag) => {
    const key = childText(tag, "Key");
    const value = childText(tag, "Value");
    if (key === undefined || value === undefined) throw new S3Error("MalformedXML");
    return { key, value };
  });
  const ofBucket = isNewBucket
    ? 'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.'
    : "System tags cannot be added/updated by requester";
  return checkTags(tags, maxTags, maxTags === 10 ? ofObject : ofBucket);
}

/** `a=1&b=2`, as `x-amz-tagging` has it. @throws S3Error InvalidTag, InvalidArgument */
export function readTagHeader(header: string | undefined): Tag[] | undefined {
  if (header === undefined) return undefined;
  let pairs: Map<string, string>;
  try {
    pairs = parseQuery(header);
  } catch {
    pairs = new Map();
  }
  if (header !== "" && pairs.size < header.split("&").length) {
    throw new S3Error("InvalidArgument", {
      message:
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      details: { ArgumentName: "x-amz-tagging", ArgumentValue: header },
    });
  }
  return checkTags(
    [...pairs].map(([key, value]) => ({ key, value })),
    10,
    ofObject,
  );
}

/** @param ofSystem what is said of a key that is AWS's own: it depends on what is tagged, as other emulators have recorded it */
function checkTags(tags: Tag[], maxTags: number, ofSystem: string): Tag[] {
  if (tags.length > maxTags) {
    throw new S3Error("BadRequest", {
      message:
        maxTags === 10 ? "Object tags cannot be greater than 10" : `Bucket tag count cannot be greater than ${maxTags}`,
    });
  }
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key === "" || key.length > maxKeyChars || !allowed.test(key)) {
      throw new S3Error("InvalidTag", { message: "The TagKey you have provided is invalid", details: { TagKey: key } });
    }
    if (value.length > maxValueChars || !allowed.test(value)) {
      throw new S3Error("InvalidTag", {
        message: "The TagValue you have provided is invalid",
        details: { TagKey: key, TagValue: value },
      });
    }
    if (key.startsWith("aws:")) throw new S3Error("InvalidTag", { message: ofSystem, details: { TagKey: key } });
    if (seen.has(key)) {
      throw new S3Error("InvalidTag", {
        message: "Cannot provide multiple Tags with the same key",
        details: { TagKey: key },
      });
    }
    seen.add(key);
  }
  return tags;
}

export const writeTagSet = (tags: readonly Tag[]): Markup =>
  element("TagSet", ...tags.map(({ key, value }) => element("Tag", leaf("Key", key), leaf("Value", value))));
