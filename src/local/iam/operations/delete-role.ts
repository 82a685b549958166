import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { roleName } from "../fields.ts";

/** Removes a role that has no policies any more. */
export const deleteRole: IamOperation = {
  name: "DeleteRole",
  fields: { RoleName: roleName },
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
};
