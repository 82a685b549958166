import { partitionOf } from "../../partition.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form, readTags } from "../../wire/query-fields.ts";
import { writeRole } from "../answer.ts";
import { description, kept, maxSession, path, policyArn, policyDocument, roleName, tags } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { toRole } from "../rights.ts";
import { makeIamId, type Role } from "../store.ts";

/** Makes a role that the principals of its trust policy may assume. */
export const createRole = defineOperation({
  name: "CreateRole",
  wire: "action",
  input: form({
    RoleName: roleName,
    AssumeRolePolicyDocument: policyDocument,
    Path: path,
    Description: description,
    MaxSessionDuration: maxSession,
    PermissionsBoundary: {
      ...policyArn,
      isRequired: false,
    },
    Tags: tags,
  }),
  rights: toRole("iam:CreateRole"),
  notes: { served: kept },
  async act(input, { store, world }) {
    const name = input.get("RoleName");
    const trust = input.get("AssumeRolePolicyDocument");
    checkPolicyDocument(trust, "trust");
    const isTaken = Object.keys(store.data.roles).some((each) => each.toLowerCase() === name.toLowerCase());
    if (isTaken) throw new QueryError("EntityAlreadyExists", 409, `Role with name ${name} already exists.`);
    const rolePath = input.find("Path") ?? "/";
    const about = input.find("Description");
    const boundaryArn = input.find("PermissionsBoundary");
    const role: Role = {
      name,
      path: rolePath,
      id: makeIamId("AROA", world.random),
      trust,
      arn: `arn:${partitionOf(world.region)}:iam::${world.accountId}:role${rolePath}${name}`,
      createdAtMs: world.clock.nowMs(),
      maxSessionSeconds: Number(input.find("MaxSessionDuration") ?? 3600),
      tags: readTags(input, "Tags"),
      inline: {},
      attached: [],
      ...(about !== undefined && { description: about }),
      ...(boundaryArn !== undefined && { boundaryArn }),
    };
    await store.saveRole(role);
    return writeRole(role, "made");
  },
});
