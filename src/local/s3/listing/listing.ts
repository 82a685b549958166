/** Walking a bucket's keys in order, with everything behind a delimiter rolled up: what all the listings share. */
import { encodeStrictly } from "../../signature/canonical.ts";
import { element, leaf, type Markup } from "../../wire/xml.ts";
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";
import { type Keyed, type SortedKeys, sortableKey } from "../store/sorted-keys.ts";

/** Where a listing goes on: after a key, or after everything that was rolled up into a prefix. */
export type Position = { readonly after: string } | { readonly afterPrefix: string };

export interface Page<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: Position | undefined;
}

export interface Walk {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly start: Position | undefined;
  readonly max: number;
}

/** Keys in the order of their UTF-8 bytes. */
type KeyOrder<T extends Keyed> = Pick<SortedKeys<T>, "findFrom" | "findAfter" | "findAfterPrefix">;

export function listPage<T extends Keyed>(keys: KeyOrder<T>, { prefix, delimiter, start, max }: Walk): Page<T> {
  const items: T[] = [];
  const commonPrefixes: string[] = [];
  if (max === 0) return { items, commonPrefixes, next: undefined };
  let last: Position | undefined;
  const isInside = (entry: T | undefined): entry is T => entry?.key.startsWith(prefix) === true;
  let current = findFirst(keys, prefix, start);
  while (isInside(current)) {
    if (items.length + commonPrefixes.length === max) return { items, commonPrefixes, next: last };
    const cut = delimiter === "" ? -1 : current.key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      items.push(current);
      last = { after: current.key };
      current = keys.findAfter(current.key);
    } else {
      const common = current.key.slice(0, cut + delimiter.length);
      commonPrefixes.push(common);
      last = { afterPrefix: common };
      current = keys.findAfterPrefix(common);
    }
  }
  return { items, commonPrefixes, next: undefined };
}

function findFirst<T extends Keyed>(keys: KeyOrder<T>, prefix: string, start: Position | undefined): T | undefined {
  if (start === undefined) return keys.findFrom(prefix);
  const position = "after" in start ? start.after : start.afterPrefix;
  if (sortableKey(position) < sortableKey(prefix)) return keys.findFrom(prefix);
  return "after" in start ? keys.findAfter(position) : keys.findAfterPrefix(position);
}

/** A start that a client names itself. A marker that is a rolled-up prefix stands for all that is in it. */
export function startAfter(marker: string | undefined, prefix: string, delimiter: string): Position | undefined {
  if (marker === undefined || marker === "") return undefined;
  const cut = delimiter === "" || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  return cut >= 0 && cut + delimiter.length === marker.length ? { afterPrefix: marker } : { after: marker };
}

/** What every listing of a bucket is asked with, and how its answer writes it. */
export interface ListingCall {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly max: number;
  /** A name, as the client asked for it. */
  readonly write: (text: string) => string;
  /** Bucket and prefix, as every answer begins. */
  readonly head: readonly Markup[];
  /** Size and form of the page, as every answer has them before what is in it. */
  readonly form: (isTruncated: boolean) => readonly Markup[];
  /** What was rolled up, at the end of every answer. */
  readonly writeCommon: (prefixes: readonly string[]) => readonly Markup[];
}

/** @throws S3Error InvalidArgument */
export function readListing(call: S3Call): ListingCall {
  const { params } = call;
  const { type, write } = readEncoding(call);
  const max = readMax(params, "max-keys");
  const prefix = params.get("prefix") ?? "";
  const delimiter = params.get("delimiter") ?? "";
  return {
    ...{ prefix, delimiter, max, write },
    head: [leaf("Name", call.bucketName), leaf("Prefix", write(prefix))],
    form: (isTruncated) => [
      leaf("MaxKeys", max),
      leaf("Delimiter", delimiter === "" ? undefined : write(delimiter)),
      leaf("EncodingType", type),
      leaf("IsTruncated", isTruncated),
    ],
    writeCommon: (prefixes) => prefixes.map((common) => element("CommonPrefixes", leaf("Prefix", write(common)))),
  };
}

const maxPage = 1000;

/** @throws S3Error InvalidArgument */
export function readMax(params: ReadonlyMap<string, string>, name: string): number {
  const text = params.get(name);
  if (text === undefined || text === "") return maxPage;
  const isNumber = /^-?\d+$/.test(text);
  if (isNumber && Number(text) >= 0 && Number(text) <= 2 ** 31 - 1) return Math.min(Number(text), maxPage);
  const message = isNumber
    ? `Argument ${name} must be an integer between 0 and 2147483647`
    : `Provided ${name} not an integer or within integer range`;
  throw new S3Error("InvalidArgument", { message, details: { ArgumentName: name, ArgumentValue: text } });
}

/** How names are written: plainly, or percent-encoded where the client asked for it. @throws S3Error InvalidArgument */
export function readEncoding({ params }: S3Call): { type: string | undefined; write: (text: string) => string } {
  const type = params.get("encoding-type");
  if (type === undefined || type === "") return { type: undefined, write: (text) => text };
  if (type !== "url") {
    throw new S3Error("InvalidArgument", {
      message: "Invalid Encoding Method specified in Request",
      details: { ArgumentName: "encoding-type", ArgumentValue: type },
    });
  }
  return { type, write: (text) => encodeStrictly(text).replaceAll("%2F", "/") };
}
