import { form } from "../../wire/query-fields.ts";
import { accessKeyId, kept, ownName } from "../fields.ts";
import { defineOperation, getCallingUser } from "../operation.ts";
import { toUser } from "../rights.ts";
import { getKey } from "./delete-access-key.ts";

/** Turns a key off, or on again. */
export const updateAccessKey = defineOperation({
  name: "UpdateAccessKey",
  wire: "action",
  input: form({
    UserName: ownName,
    AccessKeyId: accessKeyId,
    Status: { type: "string", isRequired: true, choices: ["Active", "Inactive"] },
  }),
  rights: toUser("iam:UpdateAccessKey"),
  notes: { served: kept },
  async act(input, context, request) {
    const user = getCallingUser(input.find("UserName"), context, request);
    const key = getKey(user, input.get("AccessKeyId"));
    const status = input.get("Status") === "Active" ? "Active" : "Inactive";
    const keys = user.keys.map((each) => (each === key ? ({ ...each, status } as const) : each));
    await context.store.saveUser({ ...user, keys });
    return undefined;
  },
});
