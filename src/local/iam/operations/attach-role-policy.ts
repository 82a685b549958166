import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, roleName } from "../fields.ts";

/** AWS's own policies are all taken to exist; the account's must have been made. */
export const attachRolePolicy: IamOperation = {
  name: "AttachRolePolicy",
  fields: { RoleName: roleName, PolicyArn: policyArn },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const arn = input.get("PolicyArn");
    if (!/^arn:[\w-]+:iam::(?:aws|\d{12}):policy\/.+$/.test(arn)) {
      throw new QueryError("InvalidInput", 400, `ARN ${arn} is not valid.`);
    }
    if (!arn.includes("::aws:policy/") && store.data.policies[arn] === undefined) {
      throw new QueryError("NoSuchEntity", 404, `Policy ${arn} does not exist or is not attachable.`);
    }
    if (!role.attached.includes(arn)) await store.saveRole({ ...role, attached: [...role.attached, arn] });
    return undefined;
  },
};
