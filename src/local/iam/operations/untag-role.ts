import { form, readStrings } from "../../wire/query-fields.ts";
import { kept, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const untagRole = defineOperation({
  name: "UntagRole",
  wire: "action",
  input: form({ RoleName: roleName, TagKeys: { type: "list", isRequired: true, max: 50, each: { min: 1, max: 128 } } }),
  rights: toRole("iam:UntagRole"),
  notes: { served: kept },
  async act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const keys = readStrings(input, "TagKeys");
    await store.saveRole({ ...role, tags: role.tags.filter(({ key }) => !keys.includes(key)) });
    return undefined;
  },
});
