import type { ObjectStorage } from "../../aws/s3.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { findPlainStart, type InputFile } from "./input-files.ts";

/** Bucket and key of an object, or of a pattern of objects. @throws NO_SUCH_FILE */
export function splitUri(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*[^/])$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new HalfpriceError("NO_SUCH_FILE", { path: uri });
  return { bucket, key };
}

/**
 * Names that tools of data lakes give to what is no data: `_SUCCESS`, `_temporary/`, `.part.crc`. Folders with a value are data, whatever
 * their column is called.
 */
const isHidden = (name: string): boolean => /^[_.]/.test(name) && !name.includes("=");

/** Tells which paths a pattern stands for: `*` and `?` stay inside of a folder, `**` goes through all of them. */
export async function makeMatcher(pattern: string): Promise<(path: string) => boolean> {
  // No other command waits for it.
  const { default: picomatch } = await import("picomatch");
  const start = findPlainStart(pattern);
  const isMatch = picomatch(pattern.slice(start.length), { dot: true });
  return (path) => {
    if (!path.startsWith(start)) return false;
    const rest = path.slice(start.length);
    return isMatch(rest) && (!pattern.includes("**") || !rest.split("/").some(isHidden));
  };
}

/** The objects that a pattern stands for, in the order of their keys. @throws NO_SUCH_FILE where there are none; SERVICE_REFUSED */
export async function listMatching(storage: ObjectStorage, pattern: string): Promise<InputFile[]> {
  const { bucket, key } = splitUri(pattern);
  const matches = await makeMatcher(key);
  const objects = await storage.list(bucket, findPlainStart(key));
  const files = objects
    // A folder that a browser has made is an object of no bytes.
    .filter((object) => object.sizeBytes > 0 && matches(object.key))
    .map((object) => ({ uri: `s3://${bucket}/${object.key}`, sizeBytes: object.sizeBytes }));
  if (files.length === 0) throw new HalfpriceError("NO_SUCH_FILE", { path: pattern });
  return files;
}
