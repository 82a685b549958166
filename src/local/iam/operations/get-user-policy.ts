import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { writeDocument } from "../answer.ts";
import { kept, policyName, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

export const getUserPolicy = defineOperation({
  name: "GetUserPolicy",
  wire: "action",
  input: form({ UserName: userName, PolicyName: policyName }),
  rights: toUser("iam:GetUserPolicy"),
  notes: { served: kept },
  act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const name = input.get("PolicyName");
    const document = user.inline[name];
    if (document === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The user policy with name ${name} cannot be found.`);
    }
    return leaf("UserName", user.name) + leaf("PolicyName", name) + writeDocument("PolicyDocument", document);
  },
});
