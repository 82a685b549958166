/** Conditional requests, in the order of RFC 9110 §13.2.2, with S3's answers ("Conditional requests", S3 user guide). */
import { S3Error } from "./errors.ts";
import { httpDate } from "./object-headers.ts";
import type { ObjectEntry } from "./store/entry.ts";

type Headers = Readonly<Record<string, string>>;

/** `"a"`, `a`, `W/"a"`, a list of them, or `*`. */
function matches(header: string, etag: string): boolean {
  return header
    .split(",")
    .map((each) => each.trim().replace(/^W\//, "").replaceAll('"', ""))
    .some((each) => each === "*" || each === etag);
}

const failed = (condition: string): S3Error => new S3Error("PreconditionFailed", { details: { Condition: condition } });

/** HTTP dates have no milliseconds: an object changed within the same second counts as not changed since. */
const seconds = (atMs: number): number => Math.floor(atMs / 1000);

/** @throws S3Error PreconditionFailed, NotModified */
export function checkReadConditions(headers: Headers, entry: ObjectEntry): void {
  const ifMatch = headers["if-match"];
  const unmodifiedSince = Date.parse(headers["if-unmodified-since"] ?? "");
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, entry.etag)) throw failed("If-Match");
  } else if (seconds(entry.lastModifiedMs) > seconds(unmodifiedSince)) throw failed("If-Unmodified-Since");
  const ifNoneMatch = headers["if-none-match"];
  const modifiedSince = Date.parse(headers["if-modified-since"] ?? "");
  const isSame =
    ifNoneMatch === undefined
      ? seconds(entry.lastModifiedMs) <= seconds(modifiedSince)
      : matches(ifNoneMatch, entry.etag);
  if (!isSame) return;
  const { etag, lastModifiedMs } = entry;
  throw new S3Error("NotModified", { headers: { etag: `"${etag}"`, "last-modified": httpDate(lastModifiedMs) } });
}

/** The same four, as a copy asks them of its source; none of them is answered with 304. @throws S3Error */
export function checkCopyConditions(headers: Headers, source: ObjectEntry): void {
  const prefix = "x-amz-copy-source-if-";
  const names = ["match", "none-match", "modified-since", "unmodified-since"];
  const asRead = Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[`${prefix}${name}`];
      return value === undefined ? [] : [[`if-${name}`, value] as const];
    }),
  );
  try {
    checkReadConditions(asRead, source);
  } catch (error) {
    if (error instanceof S3Error && error.code === "NotModified") {
      throw failed(`${prefix}${asRead["if-none-match"] === undefined ? "modified-since" : "none-match"}`);
    }
    throw error;
  }
}

/** Of a write: only `If-None-Match: *` and `If-Match` with a tag exist. @throws S3Error */
export function checkWriteConditions(headers: Headers, key: string, current: ObjectEntry | undefined): void {
  const ifNoneMatch = headers["if-none-match"];
  const ifMatch = headers["if-match"];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== "*" || ifMatch !== undefined) {
      throw new S3Error("NotImplemented", { details: { Header: "If-None-Match" } });
    }
    if (current !== undefined) throw failed("If-None-Match");
  }
  if (ifMatch === undefined) return;
  if (current === undefined) throw new S3Error("NoSuchKey", { details: { Key: key } });
  if (!matches(ifMatch, current.etag)) throw failed("If-Match");
}
