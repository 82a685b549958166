import type { IamOperation } from "../context.ts";
import { policyDocument, roleName } from "../fields.ts";
import { checkPolicyDocument } from "../policy-document.ts";

/** Replaces the trust policy. */
export const updateAssumeRolePolicy: IamOperation = {
  name: "UpdateAssumeRolePolicy",
  fields: { RoleName: roleName, PolicyDocument: policyDocument },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const trust = input.get("PolicyDocument");
    checkPolicyDocument(trust, "trust");
    await store.saveRole({ ...role, trust });
    return undefined;
  },
};
