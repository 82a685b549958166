import { form } from "../../wire/query-fields.ts";
import { writeRole } from "../answer.ts";
import { kept, roleName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toRole } from "../rights.ts";

export const getRole = defineOperation({
  name: "GetRole",
  wire: "action",
  input: form({ RoleName: roleName }),
  rights: toRole("iam:GetRole"),
  notes: { served: kept },
  act: (input, { store }) => writeRole(store.getRole(input.get("RoleName")), "full"),
});
