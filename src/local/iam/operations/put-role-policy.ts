import { form } from "../../wire/query-fields.ts";
import { kept, policyDocument, policyName, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { toRole } from "../rights.ts";

/** Writes an inline policy, or replaces the one of that name. */
export const putRolePolicy = defineOperation({
  name: "PutRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyName: policyName, PolicyDocument: policyDocument }),
  rights: toRole("iam:PutRolePolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    await store.saveRole({ ...role, inline: { ...role.inline, [input.get("PolicyName")]: document } });
    return undefined;
  },
});
