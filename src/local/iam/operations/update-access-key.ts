import { getCallingUser, type IamOperation } from "../context.ts";
import { accessKeyId, ownName } from "../fields.ts";
import { getKey } from "./delete-access-key.ts";

/** Turns a key off, or on again. */
export const updateAccessKey: IamOperation = {
  name: "UpdateAccessKey",
  fields: {
    UserName: ownName,
    AccessKeyId: accessKeyId,
    Status: { type: "string", isRequired: true, choices: ["Active", "Inactive"] },
  },
  async act(input, context) {
    const user = getCallingUser(input.find("UserName"), context);
    const key = getKey(user, input.get("AccessKeyId"));
    const status = input.get("Status") === "Active" ? "Active" : "Inactive";
    const keys = user.keys.map((each) => (each === key ? ({ ...each, status } as const) : each));
    await context.store.saveUser({ ...user, keys });
    return undefined;
  },
};
