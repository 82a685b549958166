import { partitionOf } from "../../partition.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form, readTags } from "../../wire/query-fields.ts";
import { writePolicy } from "../answer.ts";
import { description, kept, policyDocument, policyName, policyPath, tags } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { toNewPolicy } from "../rights.ts";
import { type ManagedPolicy, makeIamId } from "../store.ts";

/** Makes a managed policy; its first version is v1. */
export const createPolicy = defineOperation({
  name: "CreatePolicy",
  wire: "action",
  input: form({
    PolicyName: policyName,
    Path: policyPath,
    PolicyDocument: policyDocument,
    Description: {
      ...description,
      pattern: "[\\s\\S]*",
    },
    Tags: tags,
  }),
  rights: toNewPolicy("iam:CreatePolicy"),
  notes: { served: kept },
  async act(input, { store, world }) {
    const name = input.get("PolicyName");
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    const isTaken = Object.values(store.data.policies).some((each) => each.name.toLowerCase() === name.toLowerCase());
    if (isTaken) {
      throw new QueryError(
        "EntityAlreadyExists",
        409,
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
      );
    }
    const path = input.find("Path") ?? "/";
    const about = input.find("Description");
    const policy: ManagedPolicy = {
      name,
      path,
      document,
      id: makeIamId("ANPA", world.random),
      createdAtMs: world.clock.nowMs(),
      arn: `arn:${partitionOf(world.region)}:iam::${world.accountId}:policy${path}${name}`,
      tags: readTags(input, "Tags"),
      ...(about !== undefined && { description: about }),
    };
    await store.savePolicy(policy);
    return writePolicy(policy, store, "made");
  },
});
