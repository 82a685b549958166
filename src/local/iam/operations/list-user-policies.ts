import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import { kept, page, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

/** The names of a user's inline policies. */
export const listUserPolicies = defineOperation({
  name: "ListUserPolicies",
  wire: "action",
  input: form({ UserName: userName, ...page }),
  rights: toUser("iam:ListUserPolicies"),
  notes: { served: kept },
  act: (input, { store }) =>
    writePage(input, "PolicyNames", Object.keys(store.getUser(input.get("UserName")).inline).sort(), (name) =>
      leaf("member", name),
    ),
});
