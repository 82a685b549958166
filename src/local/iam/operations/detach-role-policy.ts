import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, roleName } from "../fields.ts";

export const detachRolePolicy: IamOperation = {
  name: "DetachRolePolicy",
  fields: { RoleName: roleName, PolicyArn: policyArn },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const arn = input.get("PolicyArn");
    if (!role.attached.includes(arn)) throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
    await store.saveRole({ ...role, attached: role.attached.filter((each) => each !== arn) });
    return undefined;
  },
};
