import type { IamOperation } from "../context.ts";
import { policyDocument, policyName, userName } from "../fields.ts";
import { checkPolicyDocument } from "../policy-document.ts";

/** Writes an inline policy, or replaces the one of that name. */
export const putUserPolicy: IamOperation = {
  name: "PutUserPolicy",
  fields: { UserName: userName, PolicyName: policyName, PolicyDocument: policyDocument },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    await store.saveUser({ ...user, inline: { ...user.inline, [input.get("PolicyName")]: document } });
    return undefined;
  },
};
