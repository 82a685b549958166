/** The latest moment that kept jobs have seen: a hurried clock runs ahead of the wall's, and must not fall back at a restart. */
import { jobsFolder, readJobs } from "./job-store.ts";

/** In milliseconds since 1970; 0 where no job is kept. */
export async function readLatestTimeMs(dataDir: string): Promise<number> {
  const jobs = await readJobs(jobsFolder(dataDir));
  return jobs.reduce((latest, { lastModifiedAtMs }) => Math.max(latest, lastModifiedAtMs), 0);
}
