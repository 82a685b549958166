import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { SharedObject, SharedObjects } from "../../aws/objects/shared-objects.ts";
import { commitFile, makeFolder } from "../../foundation/commit-file.ts";
import { makeWorkspace } from "../../ledger/open-ledger.ts";
import { readRunIds } from "../../ledger/runs.ts";
import { type LedgerObject, openSharedLedger, type SharedLedger } from "../../ledger/shared-ledger.ts";
import { openCopyNotes } from "./copy-notes.ts";
import { isOwnName, listFiles, type WorkspaceFiles } from "./workspace-files.ts";

/** Where a workspace on S3 is. */
export interface BucketPlace {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  /** `s3://bucket/prefix` */
  readonly uri: string;
}

/** The name of the ledger's object, below the workspace's prefix. */
export const ledgerObject = "ledger.db.gz";

/** The name of a process's own copy of the ledger, in the folder of copies. */
export const ledgerCopy = (pid: number): string => `ledger-${pid}.db`;

/** Does something for each of many, eight at once. The package comes when it is asked for: most workspaces are folders. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const { default: pMap } = await import("p-map");
  await pMap(items, work, { concurrency: 8 });
}

/** What says of a run what it is. */
const descriptions = ["run.json", "plan.json"];

/** The files of a workspace on S3, with copies in a folder of this machine. Close it after use. */
export interface BucketFiles extends WorkspaceFiles {
  close(): void;
}

/**
 * Opens a workspace on S3. Its run files are objects; this machine has copies of those it has read or written, which stay for the next
 * command. A copy that was changed here and not published yet stays as it is, unless somebody else has published the file meanwhile.
 * @param folder where the copies are
 */
export function openBucketFiles(objects: SharedObjects, place: BucketPlace, folder: string): BucketFiles {
  const { prefix, uri } = place;
  makeWorkspace(folder);
  const notes = openCopyNotes(join(folder, "copies"));
  const toKey = (path: string): string => `${prefix}${path}`;
  let ledger: Promise<SharedLedger> | undefined;
  /** Runs whose descriptions are here, or nowhere. */
  const described = new Set<string>();

  const copyDown = async (path: string, { key, etag }: Pick<SharedObject, "key" | "etag">): Promise<void> => {
    const target = join(folder, path);
    makeFolder(dirname(target), 0o700);
    const temporary = `${target}.${process.pid}.tmp`;
    const got = await objects.download(key, temporary);
    if (got === undefined) return;
    commitFile(target, temporary);
    notes.set(path, { etag: got === "" ? etag : got, ...measure(target) });
  };

  /** What a change is decided on may be of runs that were begun a moment ago: what these are is here before. */
  const fetchDescriptions = async (open: Pick<SharedLedger, "prepare">): Promise<void> => {
    const missing = readRunIds(open).filter((id) => !described.has(id));
    const paths = missing.flatMap((id) => descriptions.map((name) => `runs/${id}/${name}`));
    await forEach(
      paths.filter((path) => !existsSync(join(folder, path))),
      (path) => copyDown(path, { key: toKey(path), etag: "" }),
    );
    for (const id of missing) described.add(id);
  };

  const object: LedgerObject = {
    shown: `${uri}/${ledgerObject}`,
    read: (known) => objects.read(toKey(ledgerObject), known),
    write: (bytes, known) => objects.write(toKey(ledgerObject), bytes, known),
  };
  const openOwnLedger = (): Promise<SharedLedger> =>
    openSharedLedger(object, join(folder, ledgerCopy(process.pid)), { onRead: fetchDescriptions });

  return {
    shown: uri,
    async openLedger() {
      ledger ??= openOwnLedger();
      const open = await ledger.catch((error: unknown) => {
        ledger = undefined;
        throw error;
      });
      await open.refresh();
      return {
        prepare: (sql) => open.prepare(sql),
        exec: (sql) => open.exec(sql),
        change: (name, action) => open.change(name, action),
        close: () => undefined,
      };
    },
    async fetch(path, wants = () => true) {
      const listed = (await objects.list(toKey(path))).map((each) => ({
        ...each,
        path: each.key.slice(prefix.length),
      }));
      const wanted = listed.filter((each) => isBelow(each.path, path) && !isOwnName(each.path) && wants(each.path));
      await forEach(wanted, async (each) => {
        const note = notes.get(each.path);
        const isHere = existsSync(join(folder, each.path));
        // The same object as before: what is here is it, or is newer.
        if (note?.etag === each.etag && isHere) return;
        await copyDown(each.path, each);
      });
      const there = new Set(listed.map((each) => each.path));
      for (const known of notes.below(path)) {
        if (there.has(known) || !wants(known)) continue;
        rmSync(join(folder, known), { force: true });
        notes.drop(known);
      }
    },
    async publish(path) {
      const files = listFiles(folder, path)
        .map((each) => each.path)
        .filter((each) => !isOwnName(each));
      await forEach(files, async (each) => {
        const size = measure(join(folder, each));
        const note = notes.get(each);
        if (note !== undefined && note.sizeBytes === size.sizeBytes && note.mtimeMs === size.mtimeMs) return;
        notes.set(each, { etag: await objects.put(join(folder, each), toKey(each)), ...size });
      });
      const here = new Set(files);
      const gone = notes.below(path).filter((known) => !here.has(known));
      await objects.remove(gone.map(toKey));
      for (const each of gone) notes.drop(each);
    },
    async publishOnce(path, temporary) {
      const target = join(folder, path);
      const etag = await objects.putOnce(temporary, toKey(path));
      makeFolder(dirname(target), 0o700);
      if (etag === undefined) {
        rmSync(temporary, { force: true });
        await copyDown(path, { key: toKey(path), etag: "" });
        return false;
      }
      commitFile(target, temporary);
      notes.set(path, { etag, ...measure(target) });
      return true;
    },
    async list(path) {
      const listed = await objects.list(toKey(path));
      return listed
        .map(({ key, sizeBytes }) => ({ path: key.slice(prefix.length), sizeBytes }))
        .filter((each) => isBelow(each.path, path));
    },
    async putLedger(path) {
      const open = await openSharedLedger(object, join(folder, `${ledgerCopy(process.pid)}.put`));
      const isEmpty = readRunIds(open).length === 0;
      open.close();
      if (!isEmpty) return false;
      const known = await objects.read(toKey(ledgerObject));
      const etag = known === undefined || known === "same" ? undefined : known.etag;
      return (await objects.write(toKey(ledgerObject), gzipSync(readFileSync(path)), etag)) !== undefined;
    },
    async remove(path) {
      const listed = await objects.list(toKey(path));
      await objects.remove(listed.map(({ key }) => key).filter((key) => isBelow(key.slice(prefix.length), path)));
      rmSync(join(folder, path), { recursive: true, force: true });
      for (const known of notes.below(path)) notes.drop(known);
    },
    close() {
      void ledger?.then((open) => open.close()).catch(() => undefined);
      ledger = undefined;
      objects.close();
    },
  };
}

const isBelow = (path: string, top: string): boolean => top === "" || path === top || path.startsWith(`${top}/`);

function measure(path: string): { sizeBytes: number; mtimeMs: number } {
  const { size, mtimeMs } = statSync(path);
  return { sizeBytes: size, mtimeMs };
}
