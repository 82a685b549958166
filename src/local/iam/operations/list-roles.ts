import { form } from "../../wire/query-fields.ts";
import { writePage, writeRole } from "../answer.ts";
import { kept, page, pathPrefix } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toPath } from "../rights.ts";

export const listRoles = defineOperation({
  name: "ListRoles",
  wire: "action",
  input: form({ PathPrefix: pathPrefix, ...page }),
  rights: toPath("iam:ListRoles", "role/"),
  notes: { served: kept },
  act(input, { store }) {
    const roles = Object.values(store.data.roles)
      .filter(({ path }) => path.startsWith(input.find("PathPrefix") ?? "/"))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Roles", roles, (role) => writeRole(role, "listed", "member"));
  },
});
