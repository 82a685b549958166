import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyArn, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

export const detachUserPolicy = defineOperation({
  name: "DetachUserPolicy",
  wire: "action",
  input: form({ UserName: userName, PolicyArn: policyArn }),
  rights: toUser("iam:DetachUserPolicy"),
  notes: { served: kept },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const arn = input.get("PolicyArn");
    if (!user.attached.includes(arn)) throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
    await store.saveUser({ ...user, attached: user.attached.filter((each) => each !== arn) });
    return undefined;
  },
});
