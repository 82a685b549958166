import { form } from "../../wire/query-fields.ts";
import { writeRole } from "../answer.ts";
import { description, kept, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const updateRoleDescription = defineOperation({
  name: "UpdateRoleDescription",
  wire: "action",
  input: form({ RoleName: roleName, Description: { ...description, isRequired: true } }),
  rights: toRole("iam:UpdateRoleDescription"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = { ...store.getRole(input.get("RoleName")), description: input.get("Description") };
    await store.saveRole(role);
    return writeRole(role, "listed");
  },
});
