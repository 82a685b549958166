/** What a bucket holds in memory, and how each change of its journal changes that. */
import type { Blobs } from "./blobs.ts";
import type { Blob, BucketRecord, Change, KeyVersions, ObjectEntry, PartEntry, UploadEntry, Version } from "./entry.ts";
import { SortedKeys } from "./sorted-keys.ts";

export interface Upload extends UploadEntry {
  readonly parts: ReadonlyMap<number, PartEntry>;
}

type LiveUpload = Upload & { readonly parts: Map<number, PartEntry> };

/** Given the files that nothing refers to any longer. */
type Drop = (blobs: readonly Blob[]) => void;

export const isMarker = (version: Version): version is Exclude<Version, ObjectEntry> => "isMarker" in version;

const blobsOf = (version: Version): readonly Blob[] => (isMarker(version) ? [] : version.blobs);

export class BucketState {
  record: BucketRecord;
  readonly blobs: Blobs;
  readonly objects = new SortedKeys<ObjectEntry>();
  /** Only of keys of which more is kept than one current object: a bucket without versions has none. */
  readonly histories = new SortedKeys<KeyVersions>();
  readonly uploads = new Map<string, LiveUpload>();

  constructor(record: BucketRecord, blobs: Blobs) {
    this.record = record;
    this.blobs = blobs;
  }

  isEmpty(): boolean {
    return this.objects.size + this.histories.size === 0;
  }

  listVersions(key: string): readonly Version[] {
    const known = this.histories.get(key)?.versions;
    if (known !== undefined) return known;
    const current = this.objects.get(key);
    return current === undefined ? [] : [current];
  }

  apply(change: Change, drop: Drop): void {
    switch (change.op) {
      case "put":
        this.#add(change.entry, drop);
        return;
      case "mark":
        this.#add(change.marker, drop);
        return;
      case "change": {
        const { entry } = change;
        const before = this.listVersions(entry.key);
        const after = before.map((each) => (each.versionId === entry.versionId ? entry : each));
        this.#setVersions(entry.key, before, after, drop);
        return;
      }
      case "remove": {
        const before = this.listVersions(change.key);
        const after = before.filter(({ versionId }) => versionId !== change.versionId);
        this.#setVersions(change.key, before, after, drop);
        return;
      }
      case "upload":
        this.uploads.set(change.upload.id, { ...change.upload, parts: new Map() });
        return;
      case "part": {
        const parts = this.uploads.get(change.uploadId)?.parts;
        const old = parts?.get(change.part.number)?.blob;
        parts?.set(change.part.number, change.part);
        if (old !== undefined) drop([old]);
        return;
      }
      case "complete": {
        const kept = new Set(change.entry.blobs.map(({ id }) => id));
        drop(this.#endUpload(change.uploadId).filter(({ id }) => !kept.has(id)));
        this.#add(change.entry, drop);
        return;
      }
      case "abort":
        drop(this.#endUpload(change.uploadId));
        return;
    }
  }

  /** The changes that lead to this state from an empty bucket. */
  *snapshot(): Generator<Change> {
    for (const entry of this.objects.values()) {
      if (this.histories.get(entry.key) === undefined) yield { op: "put", entry };
    }
    for (const { versions } of this.histories.values()) {
      for (const each of versions.toReversed()) {
        yield isMarker(each) ? { op: "mark", marker: each } : { op: "put", entry: each };
      }
    }
    for (const { parts, ...upload } of this.uploads.values()) {
      yield { op: "upload", upload };
      for (const part of parts.values()) yield { op: "part", uploadId: upload.id, part };
    }
  }

  liveLines(): number {
    const parts = [...this.uploads.values()].reduce((sum, each) => sum + 1 + each.parts.size, 0);
    const older = [...this.histories.values()].reduce((sum, { versions }) => sum + versions.length, 0);
    return this.objects.size + parts + older;
  }

  *referencedBlobs(): Generator<string> {
    for (const { blobs } of this.objects.values()) for (const { id } of blobs) yield id;
    for (const { versions } of this.histories.values())
      for (const version of versions) for (const { id } of blobsOf(version)) yield id;
    for (const { parts } of this.uploads.values()) for (const { blob } of parts.values()) if (blob) yield blob.id;
  }

  /** Becomes the newest version; the one of the same id goes, which is the null version where there is no id. */
  #add(version: Version, drop: Drop): void {
    const before = this.listVersions(version.key);
    const others = before.filter(({ versionId }) => versionId !== version.versionId);
    this.#setVersions(version.key, before, [version, ...others], drop);
  }

  /** Tags and headers may change around the same bytes: only files that no version has any more are dropped. */
  #setVersions(key: string, before: readonly Version[], versions: readonly Version[], drop: Drop): void {
    const [current] = versions;
    if (current === undefined || isMarker(current)) this.objects.delete(key);
    else this.objects.set(current);
    if (current === undefined || (versions.length === 1 && !isMarker(current))) this.histories.delete(key);
    else this.histories.set({ key, versions });
    const kept = new Set(versions.flatMap(blobsOf).map(({ id }) => id));
    const stale = before.flatMap(blobsOf).filter(({ id }) => !kept.has(id));
    if (stale.length > 0) drop(stale);
  }

  #endUpload(uploadId: string): Blob[] {
    const parts = [...(this.uploads.get(uploadId)?.parts.values() ?? [])];
    this.uploads.delete(uploadId);
    return parts.flatMap(({ blob }) => blob ?? []);
  }
}
