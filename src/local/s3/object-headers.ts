/** The headers that are kept with an object and go back with it. */

import { readDefaultEncryption } from "./buckets/default-encryption.ts";
import { algorithms } from "./checksum/algorithms.ts";
import { S3Error } from "./errors.ts";
import { isAwsChunked } from "./payload.ts";
import type { Bucket } from "./store/bucket.ts";
import type { Checksum, ObjectEntry, ObjectHeaders } from "./store/entry.ts";

/** Kept as they were sent. */
const systemNames = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
  "x-amz-storage-class",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-bucket-key-enabled",
] as const;

/** "REDUCED_REDUNDANCY" and so on: `StorageClass` of the S3 model. */
const storageClasses = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "OUTPOSTS",
  "GLACIER_IR",
  "SNOW",
  "EXPRESS_ONEZONE",
  "FSX_OPENZFS",
  "FSX_ONTAP",
];
const encryptions = ["AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"];
/** 2 KB of names and values together ("Working with object metadata", S3 user guide). */
const maxUserBytes = 2048;
const userPrefix = "x-amz-meta-";

/**
 * What a request says of the object it makes; of its encryption, where it says nothing, what the bucket does.
 * @throws S3Error InvalidStorageClass, InvalidEncryptionAlgorithmError, MetadataTooLarge, NotImplemented for SSE-C
 */
export function readObjectHeaders(headers: Readonly<Record<string, string>>, bucket: Bucket): ObjectHeaders {
  const storageClass = headers["x-amz-storage-class"];
  if (storageClass !== undefined && !storageClasses.includes(storageClass)) throw new S3Error("InvalidStorageClass");
  const encryption = headers["x-amz-server-side-encryption"];
  if (encryption !== undefined && !encryptions.includes(encryption)) {
    throw new S3Error("InvalidEncryptionAlgorithmError");
  }
  refuseUnbuilt(headers);
  const system = systemNames.flatMap((name) => {
    const value = name === "content-encoding" ? withoutChunked(headers[name]) : headers[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  return {
    system: {
      "content-type": "binary/octet-stream",
      ...(encryption === undefined && readDefaultEncryption(bucket)),
      ...Object.fromEntries(system),
    },
    user: readUser(headers),
  };
}

/** Customer keys would have to encrypt what is kept: not built, and not to be overlooked. */
function refuseUnbuilt(headers: Readonly<Record<string, string>>): void {
  const unbuilt = [
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-write-offset-bytes",
    "x-amz-object-lock-mode",
  ];
  const name = unbuilt.find((each) => headers[each] !== undefined);
  if (name !== undefined) throw new S3Error("NotImplemented", { details: { Header: name } });
}

function readUser(headers: Readonly<Record<string, string>>): Record<string, string> {
  const user = Object.entries(headers)
    .filter(([name]) => name.startsWith(userPrefix))
    .map(([name, value]) => [name.slice(userPrefix.length), value] as const);
  const sizeBytes = user.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value, "latin1"),
    0,
  );
  if (sizeBytes > maxUserBytes) {
    throw new S3Error("MetadataTooLarge", {
      details: { Size: String(sizeBytes), MaxSizeAllowed: String(maxUserBytes) },
    });
  }
  return Object.fromEntries(user);
}

function withoutChunked(encoding: string | undefined): string | undefined {
  if (!isAwsChunked(encoding)) return encoding;
  const rest = (encoding ?? "").split(",").filter((part) => part.trim().toLowerCase() !== "aws-chunked");
  return rest.length === 0 ? undefined : rest.join(",").trim();
}

/** `YYYY`-free of locale: the date form of HTTP. */
export const httpDate = (atMs: number): string => new Date(atMs).toUTCString();

/** What a read answers of an object besides its length. */
export function writeObjectHeaders(entry: ObjectEntry): Record<string, string> {
  const { "x-amz-storage-class": storageClass, ...system } = entry.system;
  return {
    etag: `"${entry.etag}"`,
    "last-modified": httpDate(entry.lastModifiedMs),
    "accept-ranges": "bytes",
    "x-amz-server-side-encryption": "AES256",
    ...system,
    ...(storageClass !== undefined && storageClass !== "STANDARD" && { "x-amz-storage-class": storageClass }),
    ...Object.fromEntries(
      Object.entries(entry.user).map(([name, value]) => [`${userPrefix}${name}`, writeUserValue(value)]),
    ),
    ...(entry.tags !== undefined && entry.tags.length > 0 && { "x-amz-tagging-count": String(entry.tags.length) }),
  };
}

/**
 * Other characters than ASCII go out as RFC 2047 has them: each byte that came counts as one character, and the characters are written in
 * UTF-8 ("Working with object metadata", S3 user guide, whose example this gives).
 */
const writeUserValue = (value: string): string =>
  /^[\t\u0020-\u007e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value, "utf8").toString("base64")}?=`;

export function writeChecksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [algorithms[checksum.algorithm].header]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** What a write answers of the encryption: S3 encrypts everything, with its own keys unless told otherwise. */
export function writeEncryptionHeaders({ system }: ObjectHeaders): Record<string, string> {
  const names = systemNames.filter((name) => name.startsWith("x-amz-server-side-encryption"));
  const kept = names.flatMap((name) => (system[name] === undefined ? [] : [[name, system[name]] as const]));
  return { "x-amz-server-side-encryption": "AES256", ...Object.fromEntries(kept) };
}
