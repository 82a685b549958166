import { leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, roleName } from "../fields.ts";

/** The names of a role's inline policies. */
export const listRolePolicies: IamOperation = {
  name: "ListRolePolicies",
  fields: { RoleName: roleName, ...page },
  act: (input, { store }) =>
    writePage(input, "PolicyNames", Object.keys(store.getRole(input.get("RoleName")).inline).sort(), (name) =>
      leaf("member", name),
    ),
};
