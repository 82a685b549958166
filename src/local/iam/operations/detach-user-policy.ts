import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, userName } from "../fields.ts";

export const detachUserPolicy: IamOperation = {
  name: "DetachUserPolicy",
  fields: { UserName: userName, PolicyArn: policyArn },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const arn = input.get("PolicyArn");
    if (!user.attached.includes(arn)) throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
    await store.saveUser({ ...user, attached: user.attached.filter((each) => each !== arn) });
    return undefined;
  },
};
