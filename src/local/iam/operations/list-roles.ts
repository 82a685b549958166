import { writePage, writeRole } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, pathPrefix } from "../fields.ts";

export const listRoles: IamOperation = {
  name: "ListRoles",
  fields: { PathPrefix: pathPrefix, ...page },
  act(input, { store }) {
    const roles = Object.values(store.data.roles)
      .filter(({ path }) => path.startsWith(input.find("PathPrefix") ?? "/"))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Roles", roles, (role) => writeRole(role, "listed", "member"));
  },
};
