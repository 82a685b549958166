import type { IamOperation } from "../context.ts";
import { description, maxSession, roleName } from "../fields.ts";

/** Changes description and longest session; what is not sent goes back to its default. */
export const updateRole: IamOperation = {
  name: "UpdateRole",
  fields: { RoleName: roleName, Description: description, MaxSessionDuration: maxSession },
  async act(input, { store }) {
    const { description: _, ...role } = store.getRole(input.get("RoleName"));
    const about = input.find("Description");
    await store.saveRole({
      ...role,
      maxSessionSeconds: Number(input.find("MaxSessionDuration") ?? 3600),
      ...(about !== undefined && { description: about }),
    });
    return "";
  },
};
