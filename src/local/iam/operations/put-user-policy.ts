import { form } from "../../wire/query-fields.ts";
import { kept, policyDocument, policyName, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { toUser } from "../rights.ts";

/** Writes an inline policy, or replaces the one of that name. */
export const putUserPolicy = defineOperation({
  name: "PutUserPolicy",
  wire: "action",
  input: form({ UserName: userName, PolicyName: policyName, PolicyDocument: policyDocument }),
  rights: toUser("iam:PutUserPolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    await store.saveUser({ ...user, inline: { ...user.inline, [input.get("PolicyName")]: document } });
    return undefined;
  },
});
