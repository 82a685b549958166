import { checkAttachable } from "../attachable.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, userName } from "../fields.ts";

export const attachUserPolicy: IamOperation = {
  name: "AttachUserPolicy",
  fields: { UserName: userName, PolicyArn: policyArn },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const arn = input.get("PolicyArn");
    checkAttachable(arn, store);
    if (!user.attached.includes(arn)) await store.saveUser({ ...user, attached: [...user.attached, arn] });
    return undefined;
  },
};
