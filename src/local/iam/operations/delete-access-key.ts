import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { accessKeyId, kept, ownName } from "../fields.ts";
import { defineOperation, getCallingUser } from "../operation.ts";
import { toUser } from "../rights.ts";
import type { User, UserKey } from "../store.ts";

export const deleteAccessKey = defineOperation({
  name: "DeleteAccessKey",
  wire: "action",
  input: form({ UserName: ownName, AccessKeyId: accessKeyId }),
  rights: toUser("iam:DeleteAccessKey"),
  notes: { served: kept },
  async act(input, context, request) {
    const user = getCallingUser(input.find("UserName"), context, request);
    const key = getKey(user, input.get("AccessKeyId"));
    await context.store.saveUser({ ...user, keys: user.keys.filter((each) => each !== key) });
    return undefined;
  },
});

/** @throws QueryError NoSuchEntity */
export function getKey(user: User, id: string): UserKey {
  const key = user.keys.find((each) => each.accessKeyId === id);
  if (key !== undefined) return key;
  throw new QueryError("NoSuchEntity", 404, `The Access Key with id ${id} cannot be found.`);
}
