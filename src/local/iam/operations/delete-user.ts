import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

/** Removes a user who has nothing any more. */
export const deleteUser = defineOperation({
  name: "DeleteUser",
  wire: "action",
  input: form({ UserName: userName }),
  rights: toUser("iam:DeleteUser"),
  notes: { served: kept },
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
});
