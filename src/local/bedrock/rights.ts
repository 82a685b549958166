/** What a call of Bedrock is a right to ("Actions, resources, and condition keys for Amazon Bedrock"). */

import { findReference, makeApplicationArn, makeFoundationArn, makeProfileArn } from "../models/answers/reference.ts";
import type { FindProfile } from "../models/application-profiles.ts";
import { listInvokeRights } from "../models/invoke-rights.ts";
import type { Rights } from "../operation.ts";
import { partitionOf } from "../partition.ts";
import type { WireRequest } from "../service.ts";
import type { World } from "../world.ts";

/** The parts of a request's context that say whose the resource is. */
interface Account {
  readonly world: Pick<World, "accountId">;
  readonly profiles: FindProfile;
}
type BedrockRights<Given, A extends string> = Rights<Given, Account, WireRequest, A>;

const makeRight =
  <Given>(findArn: (given: Given, region: string, account: Account) => string) =>
  <const A extends string>(action: A): BedrockRights<Given, A> => ({
    actions: [action],
    list: (given, account, { region }) => [{ action, resource: findArn(given, region, account) }],
  });

const asArn = (given: string, make: (id: string) => string): string => (given.startsWith("arn:") ? given : make(given));

/** The ARN of a job, or of every one (`*`). */
export const makeJobArn = (region: string, accountId: string, id: string): string =>
  `arn:${partitionOf(region)}:bedrock:${region}:${accountId}:model-invocation-job/${id}`;

export const toJob = makeRight<{ readonly jobIdentifier: string }>(({ jobIdentifier }, region, { world }) =>
  asArn(jobIdentifier, (id) => makeJobArn(region, world.accountId, id)),
);

export const toTagged = makeRight<{ readonly resourceARN: string }>(({ resourceARN }) => resourceARN);

export const toModel = makeRight<{ readonly modelIdentifier: string }>(({ modelIdentifier }, region) =>
  asArn(modelIdentifier, (id) => makeFoundationArn(region, id)),
);

export const toProfile = makeRight<{ readonly inferenceProfileIdentifier: string }>(
  ({ inferenceProfileIdentifier }, region, { world, profiles }) =>
    asArn(inferenceProfileIdentifier, (id) => {
      const own = makeApplicationArn(region, world.accountId, id);
      return profiles.find(own) === undefined ? makeProfileArn(region, world.accountId, id) : own;
    }),
);

/** To the model; through a profile to it and to the model in every Region that it may send to. */
export const toInvoke = <const A extends string>(action: A): BedrockRights<{ readonly modelId: string }, A> => ({
  actions: [action],
  list({ modelId }, { world, profiles }, { region }) {
    const reference = findReference(modelId, region, world.accountId, profiles);
    // What is no model is refused as such.
    if (reference === undefined) return [];
    return listInvokeRights(reference, region).map((right) => ({ ...right, action }));
  },
});
