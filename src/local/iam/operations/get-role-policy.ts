import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { writeDocument } from "../answer.ts";
import { kept, policyName, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const getRolePolicy = defineOperation({
  name: "GetRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyName: policyName }),
  rights: toRole("iam:GetRolePolicy"),
  notes: { served: kept },
  act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const name = input.get("PolicyName");
    const document = role.inline[name];
    if (document === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The role policy with name ${name} cannot be found.`);
    }
    return leaf("RoleName", role.name) + leaf("PolicyName", name) + writeDocument("PolicyDocument", document);
  },
});
