/** Walking the versions of a bucket: a page may end between two versions of one key. */

import type { Bucket } from "../store/bucket.ts";
import type { Version } from "../store/entry.ts";
import { type Keyed, sortableKey } from "../store/sorted-keys.ts";
import { listPage, type Page, startAfter } from "./listing.ts";

export interface VersionWalk {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Empty for none. */
  readonly keyMarker: string;
  /** The versions of the marked key after this one come too; empty for none of them. */
  readonly versionMarker: string;
  readonly max: number;
}

export interface VersionPage {
  readonly versions: readonly { readonly version: Version; readonly isLatest: boolean }[];
  readonly commonPrefixes: readonly string[];
  /** What was listed last; undefined on the last page. */
  readonly next: { readonly key: string; readonly versionId?: string } | undefined;
}

export function listVersionPage(bucket: Bucket, walk: VersionWalk): VersionPage {
  const { prefix, delimiter, keyMarker, versionMarker, max } = walk;
  const versions: { version: Version; isLatest: boolean }[] = [];
  const commonPrefixes: string[] = [];
  if (max === 0) return { versions, commonPrefixes, next: undefined };
  let last: { key: string; versionId?: string } | undefined;
  const isFull = (): boolean => versions.length + commonPrefixes.length === max;
  /** @returns false where the page has no room for all of them */
  const take = (all: readonly Version[], from: number): boolean => {
    for (const [index, version] of all.entries()) {
      if (index < from) continue;
      if (isFull()) return false;
      versions.push({ version, isLatest: index === 0 });
      last = { key: version.key, versionId: version.versionId ?? "null" };
    }
    return true;
  };
  const keys = mergeKeys(bucket);
  if (versionMarker !== "" && keyMarker.startsWith(prefix)) {
    const all = bucket.listVersions(keyMarker);
    const at = all.findIndex(({ versionId }) => (versionId ?? "null") === versionMarker);
    // A client may remove as it lists: then the marked version is gone, and all that is left of the key comes after it.
    if (!take(all, at + 1)) return { versions, commonPrefixes, next: last };
  }
  let start = startAfter(keyMarker, prefix, delimiter);
  for (;;) {
    const page: Page<Keyed> = listPage(keys, { prefix, delimiter, start, max: 1 });
    const [key] = page.items;
    const [common] = page.commonPrefixes;
    if (key === undefined && common === undefined) return { versions, commonPrefixes, next: undefined };
    if (isFull()) return { versions, commonPrefixes, next: last };
    if (key !== undefined && !take(bucket.listVersions(key.key), 0)) return { versions, commonPrefixes, next: last };
    if (common !== undefined) {
      commonPrefixes.push(common);
      last = { key: common };
    }
    if (page.next === undefined) return { versions, commonPrefixes, next: undefined };
    start = page.next;
  }
}

type KeyOrder = Parameters<typeof listPage<Keyed>>[0];

/** The keys of current objects and of histories as one order. */
function mergeKeys({ objects, histories }: Bucket): KeyOrder {
  const first = (a: Keyed | undefined, b: Keyed | undefined): Keyed | undefined => {
    if (a === undefined || b === undefined) return a ?? b;
    return sortableKey(a.key) <= sortableKey(b.key) ? a : b;
  };
  return {
    findFrom: (key) => first(objects.findFrom(key), histories.findFrom(key)),
    findAfter: (key) => first(objects.findAfter(key), histories.findAfter(key)),
    findAfterPrefix: (prefix) => first(objects.findAfterPrefix(prefix), histories.findAfterPrefix(prefix)),
  };
}
