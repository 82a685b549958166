/** The latest moment that kept jobs have seen: a hurried clock runs ahead of the wall's, and must not fall back at a restart. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "./job.ts";
import { jobsFolder } from "./job-store.ts";

/** In milliseconds since 1970; 0 where no job is kept. */
export async function readLatestTimeMs(dataDir: string): Promise<number> {
  const folder = jobsFolder(dataDir);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const times = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => (JSON.parse(await readFile(join(folder, name), "utf8")) as Job).lastModifiedAtMs),
  );
  return times.reduce((latest, ms) => Math.max(latest, ms), 0);
}
