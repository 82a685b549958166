/** Tags of jobs and application profiles. */
import type { Tag } from "../jobs/job.ts";
import { Refusal } from "../wire/refusal.ts";
import type { BedrockContext } from "./operation.ts";

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

/** Something that has tags. */
export interface Tagged {
  readonly tags: readonly Tag[];
  /** Keeps others in their place. */
  save(tags: Tag[]): Promise<void>;
}

/** The job or application profile that has an ARN. @throws Refusal `ResourceNotFoundException`, its words unconfirmed */
export function getTagged(arn: string, { store, profiles }: Pick<BedrockContext, "store" | "profiles">): Tagged {
  const job = store.jobs.get(arn);
  if (job !== undefined) {
    return {
      tags: job.tags,
      save(tags) {
        job.tags = tags;
        return store.keep(job);
      },
    };
  }
  const profile = profiles.find(arn);
  if (profile === undefined) throw new Refusal("ResourceNotFoundException", `The resource ${arn} could not be found.`);
  return { tags: profile.tags, save: (tags) => profiles.save({ ...profile, tags }) };
}
