import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

/** Removes a role that has no policies any more. */
export const deleteRole = defineOperation({
  name: "DeleteRole",
  wire: "action",
  input: form({ RoleName: roleName }),
  rights: toRole("iam:DeleteRole"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    if (Object.keys(role.inline).length > 0) {
      throw new QueryError("DeleteConflict", 409, "Cannot delete entity, must delete policies first.");
    }
    if (role.attached.length > 0) {
      throw new QueryError("DeleteConflict", 409, "Cannot delete entity, must detach all policies first.");
    }
    await store.removeRole(role.name);
    return undefined;
  },
});
