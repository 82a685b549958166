import { writePage, writePolicy } from "../answer.ts";
import { isAttached } from "../attachable.ts";
import type { IamOperation } from "../context.ts";
import { page, policyPath } from "../fields.ts";

/** The account's own managed policies; AWS's are not kept here. */
export const listPolicies: IamOperation = {
  name: "ListPolicies",
  fields: {
    Scope: { type: "string", choices: ["All", "AWS", "Local"] },
    OnlyAttached: { type: "boolean" },
    PathPrefix: policyPath,
    PolicyUsageFilter: { type: "string", choices: ["PermissionsPolicy", "PermissionsBoundary"] },
    ...page,
  },
  act(input, { store }) {
    const isOnlyAttached = input.find("OnlyAttached") === "true";
    const policies = Object.values(store.data.policies)
      .filter(({ path }) => input.find("Scope") !== "AWS" && path.startsWith(input.find("PathPrefix") ?? "/"))
      .filter(({ arn }) => !isOnlyAttached || isAttached(arn, store))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Policies", policies, (policy) => writePolicy(policy, store, "listed", "member"));
  },
};
