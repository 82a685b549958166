/** What a call of Bedrock is a right to ("Actions, resources, and condition keys for Amazon Bedrock"). */

import type { Ask } from "../iam/ask.ts";
import { checkCaller } from "../iam/check-caller.ts";
import { makeTagKeys } from "../iam/request-keys.ts";
import { listInvokeRights } from "../models/invoke-rights.ts";
import { findReference, makeFoundationArn, makeProfileArn } from "../models/reference.ts";
import { partitionOf } from "../partition.ts";
import type { WireRequest } from "../service.ts";
import type { World } from "../world.ts";
import type { BedrockOperation } from "./operation.ts";

type Right = Omit<Ask, "region"> & { readonly region?: string };
type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const asArn = (value: unknown, make: (id: string) => string): string => {
  const given = text(value);
  return given.startsWith("arn:") ? given : make(given);
};

/** By the member that names the resource; operations with none are rights to "*". */
function resourceOf(input: Input, { region }: WireRequest, accountId: string): string {
  const named: readonly (readonly [string, (id: string) => string])[] = [
    ["jobIdentifier", (id) => `arn:${partitionOf(region)}:bedrock:${region}:${accountId}:model-invocation-job/${id}`],
    ["resourceARN", (id) => id],
    ["modelIdentifier", (id) => makeFoundationArn(region, id)],
    ["inferenceProfileIdentifier", (id) => makeProfileArn(region, accountId, id)],
  ];
  const [name, make] = named.find(([each]) => input[each] !== undefined) ?? [];
  return name === undefined || make === undefined ? "*" : asArn(input[name], make);
}

function listRights({ name }: BedrockOperation, input: Input, request: WireRequest, accountId: string): Right[] {
  switch (name) {
    // Asked by the operation, after the account of the role and before the model (sources#permissions).
    case "CreateModelInvocationJob":
      return [];
    case "InvokeModel":
    case "Converse":
    case "CountTokens": {
      const reference = findReference(text(input["modelId"]), request.region, accountId);
      const action = name === "CountTokens" ? "bedrock:CountTokens" : "bedrock:InvokeModel";
      // What is no model is refused as such.
      return reference === undefined
        ? []
        : listInvokeRights(reference, request.region).map((right) => ({ ...right, action }));
    }
    default:
      return [{ action: `bedrock:${name}`, resource: resourceOf(input, request, accountId) }];
  }
}

/** @throws Refusal `AccessDeniedException` where IAM is enforced and does not allow the call */
export function checkOperation(operation: BedrockOperation, input: Input, request: WireRequest, world: World): void {
  if (world.authority === undefined) return;
  for (const right of listRights(operation, input, request, world.accountId)) checkCaller(world, request, right);
}

export interface JobRights {
  readonly modelId: string;
  readonly roleArn: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/**
 * What it takes to create a job: the right to the model or profile and to jobs (sources#permissions), to tag where there are
 * tags (unconfirmed), and to hand over the role.
 * @throws Refusal `AccessDeniedException`
 */
export function checkCreateJob({ modelId, roleArn, tags }: JobRights, request: WireRequest, world: World): void {
  if (world.authority === undefined) return;
  const { region } = request;
  const { accountId } = world;
  const reference = findReference(modelId, region, accountId);
  const modelArn = reference?.arn ?? asArn(modelId, (id) => makeFoundationArn(region, id));
  const jobs = `arn:${partitionOf(region)}:bedrock:${region}:${accountId}:model-invocation-job/*`;
  const keys = makeTagKeys(tags);
  for (const resource of [modelArn, jobs])
    checkCaller(world, request, { action: "bedrock:CreateModelInvocationJob", resource, keys });
  if (tags.length > 0) checkCaller(world, request, { action: "bedrock:TagResource", resource: jobs, keys });
  checkCaller(world, request, {
    action: "iam:PassRole",
    resource: roleArn,
    keys: { "iam:PassedToService": "bedrock.amazonaws.com" },
  });
}
