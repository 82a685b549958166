import { writeAttached } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, policyPath, roleName } from "../fields.ts";

export const listAttachedRolePolicies: IamOperation = {
  name: "ListAttachedRolePolicies",
  fields: { RoleName: roleName, PathPrefix: policyPath, ...page },
  act: (input, { store }) => writeAttached(input, store.getRole(input.get("RoleName"))),
};
