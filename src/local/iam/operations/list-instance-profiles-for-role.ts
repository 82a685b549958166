import { form } from "../../wire/query-fields.ts";
import { writePage } from "../answer.ts";
import { kept, page, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

/** None: instance profiles are not built, and a role has none. Tools ask before they delete a role. */
export const listInstanceProfilesForRole = defineOperation({
  name: "ListInstanceProfilesForRole",
  wire: "action",
  input: form({ RoleName: roleName, ...page }),
  rights: toRole("iam:ListInstanceProfilesForRole"),
  notes: { served: kept, differs: "always empty" },
  act(input, { store }) {
    store.getRole(input.get("RoleName"));
    return writePage(input, "InstanceProfiles", [], () => "");
  },
});
