import { form } from "../../wire/query-fields.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import { kept, page, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const listRoleTags = defineOperation({
  name: "ListRoleTags",
  wire: "action",
  input: form({ RoleName: roleName, ...page }),
  rights: toRole("iam:ListRoleTags"),
  notes: { served: kept },
  act: (input, { store }) =>
    writePage(input, "Tags", store.getRole(input.get("RoleName")).tags, ({ key, value }) =>
      element("member", leaf("Key", key), leaf("Value", value)),
    ),
});
