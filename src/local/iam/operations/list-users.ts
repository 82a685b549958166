import { writePage, writeUser } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, pathPrefix } from "../fields.ts";

export const listUsers: IamOperation = {
  name: "ListUsers",
  fields: { PathPrefix: pathPrefix, ...page },
  act(input, { store }) {
    const users = store
      .listUsers()
      .filter(({ path }) => path.startsWith(input.find("PathPrefix") ?? "/"))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Users", users, (user) => writeUser(user, "listed", "member"));
  },
};
