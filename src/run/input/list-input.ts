import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Connection } from "../../aws/connection.ts";
import { type ObjectStorage, openObjectStorage } from "../../aws/s3.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { checkFile, findFiles } from "../../dataset/find-files.ts";
import { findPathColumns } from "../../dataset/path-columns.ts";
import type { Engine } from "../../engine/engine.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type InputFile, type InputFiles, isListed, manifestMark } from "./input-files.ts";
import { listMatching, splitUri } from "./match-objects.ts";
import { parseManifest } from "./parse-manifest.ts";

/** Sizes that are asked for at a time. */
const asksAtOnce = 16;

/**
 * Lists the files of a table: a path or a pattern of this disk or of S3, or `manifest:` and the path of a list of files. None of them is
 * opened. They come in the order of their rows: that of their names, or that of the manifest.
 * @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE, UNKNOWN_FORMAT, MIXED_FORMATS, BROKEN_TABLE for a manifest, DIFFERENT_COLUMNS where
 * folders have other columns; SERVICE_REFUSED, UNREACHABLE
 */
export async function listInput(connection: Connection, engine: Engine, table: string): Promise<InputFiles> {
  const storage = openObjectStorage(connection);
  try {
    if (table.startsWith(manifestMark)) return await readManifest(storage, table.slice(manifestMark.length));
    if (table.startsWith("s3://")) return await listObjects(storage, table);
  } catch (error) {
    if (!isRefusal(error, "NoSuchKey", "NoSuchBucket")) throw error;
    throw new HalfpriceError("NO_SUCH_FILE", { path: table.replace(manifestMark, "") }, { cause: error });
  } finally {
    storage.close();
  }
  const { files, pathNames } = await findFiles(engine, table);
  const list = files.map(({ path }) => ({ uri: resolve(path), sizeBytes: statSync(path).size }));
  return { list, pathNames };
}

async function listObjects(storage: ObjectStorage, table: string): Promise<InputFiles> {
  if (!isListed(table)) return { list: [await measure(storage, { uri: table })], pathNames: [] };
  const list = await listMatching(storage, table);
  return { list, pathNames: findPathColumns(list.map(({ uri }) => uri)) };
}

/** Paths of a manifest are relative to it. */
async function readManifest(storage: ObjectStorage, path: string): Promise<InputFiles> {
  const entries = parseManifest(await readText(storage, path), path);
  const folder = path.startsWith("s3://") ? path.slice(0, path.lastIndexOf("/")) : dirname(resolve(path));
  const named = entries.map((entry) => {
    if (entry.uri.startsWith("s3://")) return entry;
    return { ...entry, uri: path.startsWith("s3://") ? `${folder}/${entry.uri}` : resolve(folder, entry.uri) };
  });
  const list: InputFile[] = [];
  for (let at = 0; at < named.length; at += asksAtOnce) {
    list.push(...(await Promise.all(named.slice(at, at + asksAtOnce).map((entry) => measure(storage, entry)))));
  }
  return {
    list,
    pathNames: findPathColumns(
      list.map(({ uri }) => uri),
      folder,
    ),
  };
}

async function readText(storage: ObjectStorage, path: string): Promise<string> {
  if (!path.startsWith("s3://")) {
    checkFile(path);
    return readFileSync(path, "utf8");
  }
  const { bucket, key } = splitUri(path);
  const folder = mkdtempSync(join(tmpdir(), "halfprice-"));
  try {
    await storage.download(bucket, key, join(folder, "manifest"));
    return readFileSync(join(folder, "manifest"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file with its size, where the manifest does not say it. @throws NO_SUCH_FILE, IS_A_DIRECTORY */
async function measure(
  storage: ObjectStorage,
  { uri, sizeBytes, rowCount }: Omit<InputFile, "sizeBytes"> & { readonly sizeBytes?: number },
): Promise<InputFile> {
  const rows = rowCount === undefined ? {} : { rowCount };
  if (sizeBytes !== undefined) return { uri, sizeBytes, ...rows };
  if (!uri.startsWith("s3://")) {
    checkFile(uri);
    return { uri, sizeBytes: statSync(uri).size, ...rows };
  }
  const { bucket, key } = splitUri(uri);
  const found = await storage.findSize(bucket, key);
  if (found === undefined) throw new HalfpriceError("NO_SUCH_FILE", { path: uri });
  return { uri, sizeBytes: found, ...rows };
}
