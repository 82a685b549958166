import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Connection } from "../../aws/connection.ts";
import { openObjectStorage } from "../../aws/s3.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { checkFile, type SourceFile } from "../../dataset/find-files.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { InputFile } from "./input-files.ts";
import { splitUri } from "./match-objects.ts";

/** Objects that are downloaded at a time. */
const downloadsAtOnce = 4;

/**
 * Brings the files of an input to this disk: objects into folders of their own below `directory`, files of this disk where they are.
 * @throws NO_SUCH_FILE, SOURCE_CHANGED where one is not as it was listed; SERVICE_REFUSED, UNREACHABLE
 */
export async function fetchFiles(
  connection: Connection,
  files: readonly InputFile[],
  directory: string,
): Promise<SourceFile[]> {
  const storage = openObjectStorage(connection);
  const fetchOne = async ({ uri, sizeBytes, path: copy }: InputFile, index: number): Promise<SourceFile> => {
    let path = copy ?? uri;
    if (copy === undefined && uri.startsWith("s3://")) {
      const { bucket, key } = splitUri(uri);
      const folder = join(directory, String(index));
      mkdirSync(folder, { recursive: true });
      // The engine would take letters of a pattern for one.
      path = join(folder, basename(key).replace(/[*?[\]{}]/g, "-"));
      await storage.download(bucket, key, path).catch((error: unknown) => {
        if (!isRefusal(error, "NoSuchKey", "NoSuchBucket")) throw error;
        throw new HalfpriceError("NO_SUCH_FILE", { path: uri }, { cause: error });
      });
    } else checkFile(path);
    const { size } = statSync(path);
    if (size !== sizeBytes)
      throw new HalfpriceError("SOURCE_CHANGED", { path: uri, sizeBytes: size, listedBytes: sizeBytes });
    return { path, shown: uri };
  };
  try {
    const fetched: SourceFile[] = [];
    for (let at = 0; at < files.length; at += downloadsAtOnce) {
      const some = files.slice(at, at + downloadsAtOnce);
      fetched.push(...(await Promise.all(some.map((file, index) => fetchOne(file, at + index)))));
    }
    return fetched;
  } finally {
    storage.close();
  }
}
