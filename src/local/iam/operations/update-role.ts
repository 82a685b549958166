import { form } from "../../wire/query-fields.ts";
import { description, kept, maxSession, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

/** Changes description and longest session; what is not sent goes back to its default. */
export const updateRole = defineOperation({
  name: "UpdateRole",
  wire: "action",
  input: form({ RoleName: roleName, Description: description, MaxSessionDuration: maxSession }),
  rights: toRole("iam:UpdateRole"),
  notes: { served: kept },
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
});
