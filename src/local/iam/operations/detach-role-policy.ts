import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyArn, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const detachRolePolicy = defineOperation({
  name: "DetachRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyArn: policyArn }),
  rights: toRole("iam:DetachRolePolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const arn = input.get("PolicyArn");
    if (!role.attached.includes(arn)) throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
    await store.saveRole({ ...role, attached: role.attached.filter((each) => each !== arn) });
    return undefined;
  },
});
