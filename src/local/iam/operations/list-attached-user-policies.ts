import { form } from "../../wire/query-fields.ts";
import { writeAttached } from "../answer.ts";
import { kept, page, policyPath, userName } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";

export const listAttachedUserPolicies = defineOperation({
  name: "ListAttachedUserPolicies",
  wire: "action",
  input: form({ UserName: userName, PathPrefix: policyPath, ...page }),
  rights: toUser("iam:ListAttachedUserPolicies"),
  notes: { served: kept },
  act: (input, { store }) => writeAttached(input, store.getUser(input.get("UserName"))),
});
