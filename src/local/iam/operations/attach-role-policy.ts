import { form } from "../../wire/query-fields.ts";
import { checkAttachable } from "../attachable.ts";
import { kept, policyArn, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const attachRolePolicy = defineOperation({
  name: "AttachRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyArn: policyArn }),
  rights: toRole("iam:AttachRolePolicy"),
  notes: { served: kept, differs: "AWS's own policies are all taken to exist; the effect of some is known" },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const arn = input.get("PolicyArn");
    checkAttachable(arn, store);
    if (!role.attached.includes(arn)) await store.saveRole({ ...role, attached: [...role.attached, arn] });
    return undefined;
  },
});
