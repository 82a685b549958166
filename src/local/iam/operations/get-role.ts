import { writeRole } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { roleName } from "../fields.ts";

export const getRole: IamOperation = {
  name: "GetRole",
  fields: { RoleName: roleName },
  act: (input, { store }) => writeRole(store.getRole(input.get("RoleName")), "full"),
};
