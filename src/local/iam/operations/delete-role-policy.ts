import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyName, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const deleteRolePolicy = defineOperation({
  name: "DeleteRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyName: policyName }),
  rights: toRole("iam:DeleteRolePolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const name = input.get("PolicyName");
    if (role.inline[name] === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The role policy with name ${name} cannot be found.`);
    }
    const inline = Object.fromEntries(Object.entries(role.inline).filter(([each]) => each !== name));
    await store.saveRole({ ...role, inline });
    return undefined;
  },
});
