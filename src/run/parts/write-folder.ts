import { statSync } from "node:fs";
import { basename } from "node:path";
import type { ObjectStorage } from "../../aws/s3.ts";
import type { RunFile } from "../../workspace/run-file.ts";

/** Whether an output is a folder, of this disk or of S3, into which results go a file a part. */
export const isFolder = (output: string): boolean => output.endsWith("/");

/** Copies files into a folder of S3, under their own names; one that is there is replaced. @throws SERVICE_REFUSED, UNREACHABLE */
export async function uploadFolder(
  storage: ObjectStorage,
  { origin }: Pick<RunFile, "origin">,
  files: readonly string[],
  uri: string,
): Promise<void> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  try {
    for (const file of files) {
      await storage.upload(file, bucket, `${prefix}${basename(file)}`, {
        ...{ accountId: origin.accountId, fromByte: 0, sizeBytes: statSync(file).size },
        ...{ contentType: "application/vnd.apache.parquet", kmsKey: undefined, onProgress: () => undefined },
      });
    }
  } finally {
    storage.close();
  }
}
