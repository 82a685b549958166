import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CleanPlan } from "./plan-clean.ts";
import type { Session } from "./session.ts";

/**
 * Removes what was planned, and nothing else: first in S3, then on disk, so that what was interrupted can be done again.
 * @throws SERVICE_REFUSED where the caller may not delete; what is left is then still planned the next time
 */
export async function cleanRuns({ connection, onStep }: Session, plans: readonly CleanPlan[]): Promise<void> {
  const { openObjectStorage } = await import("../aws/s3.ts");
  const storage = openObjectStorage(connection);
  try {
    for (const { runId, bucket, accountId, objects, uploads, directory, files } of plans) {
      onStep(`cleaning ${runId}`);
      if (bucket !== undefined) {
        for (const upload of uploads) await storage.giveUpUpload(bucket, upload, accountId);
        await storage.remove(
          bucket,
          objects.map(({ name }) => name),
          accountId,
        );
      }
      for (const { name } of files) rmSync(name, { force: true });
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        if (entry.isDirectory()) removeEmpty(join(directory, entry.name));
      }
    }
  } finally {
    storage.close();
  }
}

/** Folders that hold nothing any more, the inner ones first. */
function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
