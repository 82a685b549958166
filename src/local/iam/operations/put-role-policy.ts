import type { IamOperation } from "../context.ts";
import { policyDocument, policyName, roleName } from "../fields.ts";
import { checkPolicyDocument } from "../policy-document.ts";

/** Writes an inline policy, or replaces the one of that name. */
export const putRolePolicy: IamOperation = {
  name: "PutRolePolicy",
  fields: { RoleName: roleName, PolicyName: policyName, PolicyDocument: policyDocument },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    await store.saveRole({ ...role, inline: { ...role.inline, [input.get("PolicyName")]: document } });
    return undefined;
  },
};
