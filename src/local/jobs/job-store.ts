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

// Open files at a time: some systems allow a process no more than 256.
const readAtOnce = 32;

/** The jobs that lie in a folder, the oldest first; none where there is no such folder. */
export async function readJobs(folder: string): Promise<Job[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const paths = names.filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
  const jobs: Job[] = [];
  for (let at = 0; at < paths.length; at += readAtOnce) {
    const texts = await Promise.all(paths.slice(at, at + readAtOnce).map((path) => readFile(path, "utf8")));
    jobs.push(...texts.map((text) => JSON.parse(text) as Job));
  }
  return jobs.sort((a, b) => a.submittedAtMs - b.submittedAtMs || (a.id < b.id ? -1 : 1));
}

/** Opens the store in a folder, reading what is there. Files that are no jobs are an error, not skipped. */
export async function openJobStore(folder: string): Promise<JobStore> {
  await mkdir(folder, { recursive: true });
  const jobs = new Map<string, Job>();
  for (const job of await readJobs(folder)) jobs.set(job.arn, job);

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
