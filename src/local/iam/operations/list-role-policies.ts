import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import { kept, page, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

/** The names of a role's inline policies. */
export const listRolePolicies = defineOperation({
  name: "ListRolePolicies",
  wire: "action",
  input: form({ RoleName: roleName, ...page }),
  rights: toRole("iam:ListRolePolicies"),
  notes: { served: kept },
  act: (input, { store }) =>
    writePage(input, "PolicyNames", Object.keys(store.getRole(input.get("RoleName")).inline).sort(), (name) =>
      leaf("member", name),
    ),
});
