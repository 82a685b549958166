/** Jobs on disk: one JSON file each, replaced whole, so that a process that is killed loses no job and no state. */
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "./job.ts";

/** Where a data folder keeps its jobs. */
export const jobsFolder = (dataDir: string): string => join(dataDir, "bedrock", "jobs");

export interface JobStore {
  /** Every job, by its ARN. */
  readonly jobs: ReadonlyMap<string, Job>;
  add(job: Job): Promise<void>;
  /** Writes what has changed in a job. Calls for one job are written in their order. */
  keep(job: Job): Promise<void>;
}

/** Opens the store in a folder, reading what is there. Files that are no jobs are an error, not skipped. */
export async function openJobStore(folder: string): Promise<JobStore> {
  await mkdir(folder, { recursive: true });
  const jobs = new Map<string, Job>();
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const found = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Job),
  );
  for (const job of found.sort((a, b) => a.submittedAtMs - b.submittedAtMs || (a.id < b.id ? -1 : 1)))
    jobs.set(job.arn, job);

  const writing = new Map<string, Promise<void>>();
  const write = async (job: Job): Promise<void> => {
    const path = join(folder, `${job.id}.json`);
    await writeFile(`${path}.tmp`, JSON.stringify(job));
    await rename(`${path}.tmp`, path);
  };
  const keep = (job: Job): Promise<void> => {
    const next = (writing.get(job.id) ?? Promise.resolve()).then(() => write(job));
    const settled = next
      .catch(() => undefined)
      .finally(() => {
        if (writing.get(job.id) === settled) writing.delete(job.id);
      });
    writing.set(job.id, settled);
    return next;
  };
  return {
    jobs,
    async add(job) {
      jobs.set(job.arn, job);
      await keep(job);
    },
    keep,
  };
}
