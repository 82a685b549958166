import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyName, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

export const deleteUserPolicy = defineOperation({
  name: "DeleteUserPolicy",
  wire: "action",
  input: form({ UserName: userName, PolicyName: policyName }),
  rights: toUser("iam:DeleteUserPolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const name = input.get("PolicyName");
    if (user.inline[name] === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The user policy with name ${name} cannot be found.`);
    }
    const inline = Object.fromEntries(Object.entries(user.inline).filter(([each]) => each !== name));
    await store.saveUser({ ...user, inline });
    return undefined;
  },
});
