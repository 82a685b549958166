import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, roleName } from "../fields.ts";

/** None: instance profiles are not built, and a role has none. Tools ask before they delete a role. */
export const listInstanceProfilesForRole: IamOperation = {
  name: "ListInstanceProfilesForRole",
  fields: { RoleName: roleName, ...page },
  act(input, { store }) {
    store.getRole(input.get("RoleName"));
    return writePage(input, "InstanceProfiles", [], () => "");
  },
};
