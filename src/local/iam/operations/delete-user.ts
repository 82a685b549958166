import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { userName } from "../fields.ts";

/** Removes a user who has nothing any more. */
export const deleteUser: IamOperation = {
  name: "DeleteUser",
  fields: { UserName: userName },
  async act(input, { store }) {
    const user = store.getUser(input.get("UserName"));
    const left = [
      [user.attached.length > 0, "must detach all policies first"],
      [Object.keys(user.inline).length > 0, "must delete policies first"],
      [user.keys.length > 0, "must delete access keys first"],
    ] as const;
    const [, must] = left.find(([isLeft]) => isLeft) ?? [];
    if (must !== undefined) throw new QueryError("DeleteConflict", 409, `Cannot delete entity, ${must}.`);
    await store.removeUser(user.name);
    return undefined;
  },
};
