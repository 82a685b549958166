import type { Connection } from "../../aws/connection.ts";
import { type ObjectStorage, openObjectStorage } from "../../aws/s3.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import type { MediaPlace } from "../../media/media-store.ts";

/** Where a run's pictures and documents are looked for; closed after use. */
export interface OpenMediaPlace {
  readonly place: MediaPlace;
  close(): void;
}

/** S3 is opened with the first object that a prompt names. @param base a folder, or `s3://bucket/folder` */
export function openMediaPlace(connection: Connection, base: string): OpenMediaPlace {
  let storage: ObjectStorage | undefined;
  const fetchObject = async (uri: string, target: string): Promise<boolean> => {
    const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    if (key === "") return false;
    storage ??= openObjectStorage(connection);
    try {
      await storage.download(bucket, key, target);
      return true;
    } catch (error) {
      if (isRefusal(error, "NoSuchKey", "NoSuchBucket")) return false;
      throw error;
    }
  };
  return { place: { base, fetchObject }, close: () => storage?.close() };
}
