import { writeAttached } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, policyPath, userName } from "../fields.ts";

export const listAttachedUserPolicies: IamOperation = {
  name: "ListAttachedUserPolicies",
  fields: { UserName: userName, PathPrefix: policyPath, ...page },
  act: (input, { store }) => writeAttached(input, store.getUser(input.get("UserName"))),
};
