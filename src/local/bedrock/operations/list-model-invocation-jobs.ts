/** ListModelInvocationJobs: the jobs of the Region, filtered, newest first where nothing else is asked. */

import type { Job } from "../../jobs/job.ts";
import { toAll } from "../../operation.ts";
import { summarizeJob } from "../job-view.ts";
import { defineOperation } from "../operation.ts";
import { cutPage } from "../page.ts";
import { jobName, jobStatus, maxResults, nextToken } from "../shapes.ts";

// Undocumented; a list of some 30 jobs came on one page (sources#job-list). unconfirmed
const defaultPage = 100;

export const listModelInvocationJobs = defineOperation({
  name: "ListModelInvocationJobs",
  wire: { method: "GET", path: "/model-invocation-jobs" },
  input: {
    type: "structure",
    members: {
      submitTimeAfter: { shape: { type: "timestamp" }, in: "query" },
      submitTimeBefore: { shape: { type: "timestamp" }, in: "query" },
      statusEquals: { shape: jobStatus, in: "query" },
      nameContains: { shape: jobName, in: "query" },
      maxResults: { shape: maxResults, in: "query" },
      nextToken: { shape: nextToken, in: "query" },
      sortBy: { shape: { type: "string", enum: ["CreationTime"] }, in: "query" },
      sortOrder: { shape: { type: "string", enum: ["Ascending", "Descending"] }, in: "query" },
    },
  },
  rights: toAll("bedrock:ListModelInvocationJobs"),
  notes: {
    served: "every filter, both orders, pages",
    differs: `a page has ${defaultPage} items unless asked otherwise; AWS's default is undocumented`,
  },
  act(given, { store, faults }, request) {
    const jobs = [...store.jobs.values()].filter(
      (job) =>
        job.region === request.region &&
        (given.statusEquals === undefined || job.status === given.statusEquals) &&
        (given.nameContains === undefined || job.name.includes(given.nameContains)) &&
        // Whether the bounds themselves belong is undocumented: they do not. unconfirmed
        (given.submitTimeAfter === undefined || job.submittedAtMs > given.submitTimeAfter) &&
        (given.submitTimeBefore === undefined || job.submittedAtMs < given.submitTimeBefore),
    );
    const compare = given.sortOrder === "Ascending" ? compareKeys : (a: Key, b: Key) => compareKeys(b, a);
    const { items, nextToken: token } = cutPage(
      jobs.sort((a, b) => compare(keyOf(a), keyOf(b))),
      { keyOf, compare, maxResults: given.maxResults ?? defaultPage, token: given.nextToken },
    );
    return { invocationJobSummaries: items.map((job) => summarizeJob(job, faults)), nextToken: token };
  },
});

type Key = readonly [submittedAtMs: number, id: string];
const keyOf = (job: Job): Key => [job.submittedAtMs, job.id];
const compareKeys = (a: Key, b: Key): number => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
