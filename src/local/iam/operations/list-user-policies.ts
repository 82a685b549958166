import { leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, userName } from "../fields.ts";

/** The names of a user's inline policies. */
export const listUserPolicies: IamOperation = {
  name: "ListUserPolicies",
  fields: { UserName: userName, ...page },
  act: (input, { store }) =>
    writePage(input, "PolicyNames", Object.keys(store.getUser(input.get("UserName")).inline).sort(), (name) =>
      leaf("member", name),
    ),
};
