import { QueryError } from "../../wire/query-service.ts";
import { leaf } from "../../wire/xml.ts";
import { writeDocument } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { policyName, userName } from "../fields.ts";

export const getUserPolicy: IamOperation = {
  name: "GetUserPolicy",
  fields: { UserName: userName, PolicyName: policyName },
  act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const name = input.get("PolicyName");
    const document = user.inline[name];
    if (document === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The user policy with name ${name} cannot be found.`);
    }
    return leaf("UserName", user.name) + leaf("PolicyName", name) + writeDocument("PolicyDocument", document);
  },
};
