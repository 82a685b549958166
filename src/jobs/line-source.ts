import { join } from "node:path";
import type { ObjectStorage } from "../aws/s3.ts";
import type { ShardRow } from "../ledger/shards.ts";
import type { JobRun } from "./job-run.ts";

/** Where the lines of a run's shards are. */
export interface LineSource {
  /** Has a shard's lines on this disk. */
  open(shard: ShardRow): Promise<{ readonly path: string; readonly fromByte: number }>;
  /** Makes a shard's lines an object of the run's bucket. */
  send(shard: ShardRow, key: string, onProgress: (sentBytes: number) => void): Promise<void>;
}

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
