import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyName, roleName } from "../fields.ts";

export const deleteRolePolicy: IamOperation = {
  name: "DeleteRolePolicy",
  fields: { RoleName: roleName, PolicyName: policyName },
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
};
