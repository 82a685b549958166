import { form } from "../../wire/query-fields.ts";
import { kept, policyDocument, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { toRole } from "../rights.ts";

/** Replaces the trust policy. */
export const updateAssumeRolePolicy = defineOperation({
  name: "UpdateAssumeRolePolicy",
  wire: "action",
  input: form({ RoleName: roleName, PolicyDocument: policyDocument }),
  rights: toRole("iam:UpdateAssumeRolePolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const trust = input.get("PolicyDocument");
    checkPolicyDocument(trust, "trust");
    await store.saveRole({ ...role, trust });
    return undefined;
  },
});
