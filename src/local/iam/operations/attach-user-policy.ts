import { form } from "../../wire/query-fields.ts";
import { checkAttachable } from "../attachable.ts";
import { kept, policyArn, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

export const attachUserPolicy = defineOperation({
  name: "AttachUserPolicy",
  wire: "action",
  input: form({ UserName: userName, PolicyArn: policyArn }),
  rights: toUser("iam:AttachUserPolicy"),
  notes: { served: kept, differs: "AWS's own policies are all taken to exist; the effect of some is known" },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const arn = input.get("PolicyArn");
    checkAttachable(arn, store);
    if (!user.attached.includes(arn)) await store.saveUser({ ...user, attached: [...user.attached, arn] });
    return undefined;
  },
});
