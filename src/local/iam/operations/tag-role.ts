import { readTags } from "../../wire/query-fields.ts";
import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { roleName, tags } from "../fields.ts";

/** Adds tags; one whose key is there already gets the new value. */
export const tagRole: IamOperation = {
  name: "TagRole",
  fields: { RoleName: roleName, Tags: { ...tags, isRequired: true } },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const added = readTags(input, "Tags");
    const keys = new Set(added.map(({ key }) => key));
    const all = [...role.tags.filter(({ key }) => !keys.has(key)), ...added];
    if (all.length > 50) {
      throw new QueryError("LimitExceeded", 409, "The number of tags has reached the maximum limit.");
    }
    await store.saveRole({ ...role, tags: all });
    return undefined;
  },
};
