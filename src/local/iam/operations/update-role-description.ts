import { writeRole } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { description, roleName } from "../fields.ts";

export const updateRoleDescription: IamOperation = {
  name: "UpdateRoleDescription",
  fields: { RoleName: roleName, Description: { ...description, isRequired: true } },
  async act(input, { store }) {
    const role = { ...store.getRole(input.get("RoleName")), description: input.get("Description") };
    await store.saveRole(role);
    return writeRole(role, "listed");
  },
};
