import { form } from "../../wire/query-fields.ts";
import { writePage, writeUser } from "../answer.ts";
import { kept, page, pathPrefix } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toPath } from "../rights.ts";

export const listUsers = defineOperation({
  name: "ListUsers",
  wire: "action",
  input: form({ PathPrefix: pathPrefix, ...page }),
  rights: toPath("iam:ListUsers", "user/"),
  notes: { served: kept, differs: "without the local user" },
  act(input, { store }) {
    const users = store
      .listUsers()
      .filter(({ path }) => path.startsWith(input.find("PathPrefix") ?? "/"))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return writePage(input, "Users", users, (user) => writeUser(user, "listed", "member"));
  },
});
