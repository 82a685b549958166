import { form } from "../../wire/query-fields.ts";
import { writePage, writePolicy } from "../answer.ts";
import { isAttached } from "../attachable.ts";
import { kept, page, policyPath } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toPath } from "../rights.ts";

/** The account's own managed policies; AWS's are not kept here. */
export const listPolicies = defineOperation({
  name: "ListPolicies",
  wire: "action",
  input: form({
    Scope: { type: "string", choices: ["All", "AWS", "Local"] },
    OnlyAttached: { type: "boolean" },
    PathPrefix: policyPath,
    PolicyUsageFilter: { type: "string", choices: ["PermissionsPolicy", "PermissionsBoundary"] },
    ...page,
  }),
  rights: toPath("iam:ListPolicies", "policy path /"),
  notes: { served: kept, differs: "only the account's own policies" },
  act(input, { store }) {
    const isOnlyAttached = input.find("OnlyAttached") === "true";
    const policies = Object.values(store.data.policies)
      .filter(({ path }) => input.find("Scope") !== "AWS" && path.startsWith(input.find("PathPrefix") ?? "/"))
      .filter(({ arn }) => !isOnlyAttached || isAttached(arn, store))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Policies", policies, (policy) => writePolicy(policy, store, "listed", "member"));
  },
});
