import { readStrings } from "../../wire/query-fields.ts";
import type { IamOperation } from "../context.ts";
import { roleName } from "../fields.ts";

export const untagRole: IamOperation = {
  name: "UntagRole",
  fields: { RoleName: roleName, TagKeys: { type: "list", isRequired: true, max: 50, each: { min: 1, max: 128 } } },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const keys = readStrings(input, "TagKeys");
    await store.saveRole({ ...role, tags: role.tags.filter(({ key }) => !keys.includes(key)) });
    return undefined;
  },
};
