import { checkAttachable } from "../attachable.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, roleName } from "../fields.ts";

export const attachRolePolicy: IamOperation = {
  name: "AttachRolePolicy",
  fields: { RoleName: roleName, PolicyArn: policyArn },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const arn = input.get("PolicyArn");
    checkAttachable(arn, store);
    if (!role.attached.includes(arn)) await store.saveRole({ ...role, attached: [...role.attached, arn] });
    return undefined;
  },
};
