import { join } from "node:path";
import type { ObjectStorage } from "../aws/s3.ts";
import type { ShardRow } from "../ledger/shards.ts";
import type { JobRun, LineSource } from "./job-run.ts";

/** Lines of a run whose folder is on this disk. */
export function diskLines(run: JobRun, storage: () => ObjectStorage): LineSource {
  const locate = ({ file, fromByte }: ShardRow) => ({ path: join(run.directory, file), fromByte });
  return {
    open: async (shard) => locate(shard),
    async send(shard, key, onProgress) {
      const { path, fromByte } = locate(shard);
      const { accountId, kmsKey } = run;
      await storage().upload(path, run.bucket, key, {
        ...{ accountId, kmsKey, fromByte, onProgress },
        sizeBytes: shard.sizeBytes,
      });
    },
  };
}
