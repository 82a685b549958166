import { form } from "../../wire/query-fields.ts";
import { writeAttached } from "../answer.ts";
import { kept, page, policyPath, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const listAttachedRolePolicies = defineOperation({
  name: "ListAttachedRolePolicies",
  wire: "action",
  input: form({ RoleName: roleName, PathPrefix: policyPath, ...page }),
  rights: toRole("iam:ListAttachedRolePolicies"),
  notes: { served: kept },
  act: (input, { store }) => writeAttached(input, store.getRole(input.get("RoleName"))),
});
