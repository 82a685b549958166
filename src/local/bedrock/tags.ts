/** Tags of jobs. */
import type { Job, Tag } from "../jobs/job.ts";
import { Refusal } from "../wire/refusal.ts";

const mostTags = 50;

/** @throws Refusal `TooManyTagsException` above the service's 50 */
export function checkTagCount(tags: readonly Tag[], resourceName?: string): void {
  if (tags.length <= mostTags) return;
  // Words unconfirmed; the type and its member are in the API's model.
  throw new Refusal(
    "TooManyTagsException",
    `The resource has more than ${mostTags} tags.`,
    resourceName === undefined ? {} : { resourceName },
  );
}

/** The tags after others were put over them: a key has one value, the last. */
export function mergeTags(tags: readonly Tag[], more: readonly Tag[]): Tag[] {
  const merged = new Map([...tags, ...more].map(({ key, value }) => [key, value]));
  return [...merged].map(([key, value]) => ({ key, value }));
}

/** The job that has an ARN. @throws Refusal `ResourceNotFoundException`, its words unconfirmed */
export function getTagged(arn: string, jobs: ReadonlyMap<string, Job>): Job {
  const job = jobs.get(arn);
  if (job === undefined) throw new Refusal("ResourceNotFoundException", `The resource ${arn} could not be found.`);
  return job;
}
