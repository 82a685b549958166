import { element, leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, roleName } from "../fields.ts";

export const listRoleTags: IamOperation = {
  name: "ListRoleTags",
  fields: { RoleName: roleName, ...page },
  act: (input, { store }) =>
    writePage(input, "Tags", store.getRole(input.get("RoleName")).tags, ({ key, value }) =>
      element("member", leaf("Key", key), leaf("Value", value)),
    ),
};
