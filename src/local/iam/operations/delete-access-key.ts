import { QueryError } from "../../wire/query-service.ts";
import { getCallingUser, type IamOperation } from "../context.ts";
import { accessKeyId, ownName } from "../fields.ts";
import type { User, UserKey } from "../store.ts";

export const deleteAccessKey: IamOperation = {
  name: "DeleteAccessKey",
  fields: { UserName: ownName, AccessKeyId: accessKeyId },
  async act(input, context) {
    const user = getCallingUser(input.find("UserName"), context);
    const key = getKey(user, input.get("AccessKeyId"));
    await context.store.saveUser({ ...user, keys: user.keys.filter((each) => each !== key) });
    return undefined;
  },
};

/** @throws QueryError NoSuchEntity */
export function getKey(user: User, id: string): UserKey {
  const key = user.keys.find((each) => each.accessKeyId === id);
  if (key !== undefined) return key;
  throw new QueryError("NoSuchEntity", 404, `The Access Key with id ${id} cannot be found.`);
}
