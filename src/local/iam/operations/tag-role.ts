import { QueryError } from "../../wire/query-error.ts";
import { form, readTags } from "../../wire/query-fields.ts";
import { kept, roleName, tags } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

/** Adds tags; one whose key is there already gets the new value. */
export const tagRole = defineOperation({
  name: "TagRole",
  wire: "action",
  input: form({ RoleName: roleName, Tags: { ...tags, isRequired: true } }),
  rights: toRole("iam:TagRole"),
  notes: { served: kept },
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
});
