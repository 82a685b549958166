/** One S3 request on its way through an operation. */
import { Readable } from "node:stream";
import type { BodyShape } from "../operation.ts";
import type { WireRequest } from "../service.ts";
import { BodyTooLarge, readBody } from "../wire/body.ts";
import { children, type Markup, parseXml, type XmlNode } from "../wire/xml.ts";
import type { World } from "../world.ts";
import { S3Error } from "./errors.ts";
import { openPayload } from "./payload.ts";
import type { Bucket } from "./store/bucket.ts";
import type { DiskStore } from "./store/disk-store.ts";

export interface S3Call {
  readonly request: WireRequest;
  readonly world: World;
  readonly store: DiskStore;
  /** Decoded. */
  readonly params: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an operation on the service. */
  readonly bucketName: string;
  /** Decoded; empty for an operation on a bucket. */
  readonly key: string;
}

export interface S3Answer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A whole XML document as text, or bytes. Default none. */
  readonly body?: Markup | Uint8Array | Readable;
}

/** The bucket of the call. @throws S3Error NoSuchBucket */
export function getBucket(call: S3Call, name = call.bucketName): Bucket {
  const bucket = call.store.findBucket(name);
  // Old buckets may have names that a new one may not, so only what never could be a name is called one.
  if (bucket === undefined && !/^[\w.-]{3,255}$/.test(name)) {
    throw new S3Error("InvalidBucketName", { details: { BucketName: name } });
  }
  if (bucket === undefined || bucket.isGone) throw new S3Error("NoSuchBucket", { details: { BucketName: name } });
  return bucket;
}

export const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** The largest XML document of S3 is a completion of 10,000 parts with checksums. */
const maxDocumentBytes = 4 * 1024 * 1024;

/** The whole body as text, its digests checked. @throws S3Error MaxMessageLengthExceeded */
export async function readDocument(call: S3Call, isChecksumOfOther = false): Promise<string> {
  const payload = openPayload(call.request, { isLengthNeeded: false, isChecksumOfOther });
  try {
    const body = await readBody(Readable.from(payload.chunks), maxDocumentBytes);
    payload.check();
    return body.toString("utf8");
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new S3Error("MaxMessageLengthExceeded", { details: { MaxMessageLengthBytes: String(maxDocumentBytes) } });
  }
}

/** The body as XML with this root. @throws S3Error MalformedXML, and what is said of an empty body */
export async function readXml(
  call: S3Call,
  { root, makeEmpty, isChecksumOfOther }: Extract<BodyShape, { readonly type: "xml" }>,
): Promise<XmlNode> {
  const text = await readDocument(call, isChecksumOfOther);
  if (text.trim() === "") throw makeEmpty?.() ?? new S3Error("MissingRequestBodyError");
  const parsed = parseXml(text);
  if (parsed === undefined || parsed.name !== root) throw new S3Error("MalformedXML");
  return parsed.root;
}

/** The children of that name, at least one. @throws S3Error MalformedXML */
export function getChildren(node: XmlNode, name: string): readonly XmlNode[] {
  const found = children(node, name);
  if (found.length === 0) throw new S3Error("MalformedXML");
  return found;
}
