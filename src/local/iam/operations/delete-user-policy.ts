import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyName, userName } from "../fields.ts";

export const deleteUserPolicy: IamOperation = {
  name: "DeleteUserPolicy",
  fields: { UserName: userName, PolicyName: policyName },
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
};
