import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { ObjectStorage } from "../../aws/s3.ts";
import { makeFolder } from "../../foundation/commit-file.ts";
import type { JobRun, LineSource } from "../../jobs/job-run.ts";
import type { Session } from "../../workspace/session.ts";

/**
 * Lines of a run whose workspace is on S3: they become the input of a job without coming by this machine. What is asked on demand from here is
 * fetched alone, where the machine has no copy of the whole file.
 */
export function sharedLines({ config }: Session, run: JobRun, storage: () => ObjectStorage): LineSource {
  const { bucket = "", prefix = "" } = config.shared ?? {};
  const keyOf = (file: string): string => `${prefix}runs/${run.runId}/${file}`;
  return {
    async open(shard) {
      const whole = join(run.directory, shard.file);
      if (existsSync(whole)) return { path: whole, fromByte: shard.fromByte };
      const folder = join(run.directory, "work", "asked");
      const name = `${basename(shard.file)}.${shard.index}`;
      const part = join(folder, name);
      if (!existsSync(part)) {
        makeFolder(folder, 0o700);
        // One shard is asked after the other: the disk of a function is small.
        for (const other of readdirSync(folder)) rmSync(join(folder, other));
        const range = { fromByte: shard.fromByte, sizeBytes: shard.sizeBytes };
        await storage().download(bucket, keyOf(shard.file), part, range);
      }
      return { path: part, fromByte: 0 };
    },
    async send(shard, key, onProgress) {
      await storage().copyRange({
        from: { bucket, key: keyOf(shard.file), fromByte: shard.fromByte, sizeBytes: shard.sizeBytes },
        to: { bucket: run.bucket, key },
        accountId: run.accountId,
        kmsKey: run.kmsKey,
      });
      onProgress(shard.sizeBytes);
    },
  };
}
