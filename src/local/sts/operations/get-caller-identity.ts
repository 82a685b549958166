import { noRights } from "../../operation.ts";
import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { defineOperation } from "../operation.ts";

export const getCallerIdentity = defineOperation({
  name: "GetCallerIdentity",
  wire: "action",
  input: form({}),
  rights: noRights,
  notes: { served: "yes" },
  act: (_input, _context, { caller }) =>
    leaf("Arn", caller.arn) + leaf("UserId", caller.userId) + leaf("Account", caller.accountId),
});
