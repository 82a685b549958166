/** What is kept about buckets, objects and uploads. All of it is plain JSON: it is written to the bucket's journal as it is. */

/** One file of bytes. An object is one of them, or as many as it had parts. */
export interface Blob {
  readonly id: string;
  readonly sizeBytes: number;
}

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** What comes with an object besides its bytes, and goes back with it. */
export interface ObjectHeaders {
  /** `content-type`, `cache-control` and the like, by lower-case name. */
  readonly system: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly user: Readonly<Record<string, string>>;
}

export interface ObjectPart {
  readonly number: number;
  readonly sizeBytes: number;
  /** The part's own checksum in base64, where the upload had an algorithm. */
  readonly checksum?: string;
}

export interface ObjectEntry extends ObjectHeaders {
  readonly key: string;
  /** Absent for the null version: what is written where versioning is not enabled. */
  readonly versionId?: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly blobs: readonly Blob[];
  readonly checksum?: Checksum;
  /** Of an object that came in parts. */
  readonly parts?: readonly ObjectPart[];
  /** Of an object that came in parts: the same completion again gets the same answer. */
  readonly uploadId?: string;
  readonly tags?: readonly Tag[];
  /** A canned ACL's name; absent for `private`. */
  readonly acl?: string;
}

/** Stands for a removed object in a bucket with versions. */
export interface DeleteMarker {
  readonly key: string;
  /** Absent for the null version. */
  readonly versionId?: string;
  readonly lastModifiedMs: number;
  readonly isMarker: true;
}

export type Version = ObjectEntry | DeleteMarker;

export interface KeyVersions {
  readonly key: string;
  /** Newest first. */
  readonly versions: readonly Version[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface PartEntry {
  readonly number: number;
  readonly sizeBytes: number;
  /** md5 in hex. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly blob: Blob | undefined;
  /** Base64, by algorithm: what the upload goes by, and what the part itself came with. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

export interface UploadEntry extends ObjectHeaders {
  readonly id: string;
  readonly key: string;
  readonly initiatedMs: number;
  /** CRC64NVME where the request named none: S3's own. */
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
  /** False where the algorithm is S3's own choice: then parts may come with any. */
  readonly isChecksumAsked: boolean;
  readonly tags?: readonly Tag[];
  readonly acl?: string;
}

export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  readonly ownerId: string;
  readonly createdAtMs: number;
  /** Documents as they were put, by sub-resource: `policy`, `encryption`, `lifecycle`… */
  readonly documents: Readonly<Record<string, string>>;
}

/** One change of a bucket, as the journal has it. */
export type Change =
  | { readonly op: "put"; readonly entry: ObjectEntry }
  /** Changes what is kept with a version, which keeps its place. */
  | { readonly op: "change"; readonly entry: ObjectEntry }
  | { readonly op: "mark"; readonly marker: DeleteMarker }
  /** Without an id: the null version, the only one of a bucket without versions. */
  | { readonly op: "remove"; readonly key: string; readonly versionId?: string }
  | { readonly op: "upload"; readonly upload: UploadEntry }
  | { readonly op: "part"; readonly uploadId: string; readonly part: PartEntry }
  | { readonly op: "complete"; readonly uploadId: string; readonly entry: ObjectEntry }
  | { readonly op: "abort"; readonly uploadId: string };
