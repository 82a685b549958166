import { toAll } from "../../operation.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { leaf } from "../../wire/xml.ts";
import { defineOperation } from "../operation.ts";

/** The account that a key belongs to. A key that nobody knows is taken for this account's where it looks like one. */
export const getAccessKeyInfo = defineOperation({
  name: "GetAccessKeyInfo",
  wire: "action",
  input: form({ AccessKeyId: { type: "string", isRequired: true, min: 16, max: 128, pattern: "[\\w]*" } }),
  rights: toAll("sts:GetAccessKeyInfo"),
  notes: { served: "yes", differs: "every well-formed id that nobody knows belongs to this account" },
  act(input, { keys, world }) {
    const accessKeyId = input.get("AccessKeyId");
    const known = keys.find(accessKeyId);
    // AWS reads the account out of the id itself, so it answers for every well-formed one.
    if (known === undefined && !/^A[KS]IA[A-Z2-7]{12,}$/.test(accessKeyId)) {
      throw new QueryError("ValidationError", 400, "Invalid value for input parameter AccessKeyId.");
    }
    return leaf("Account", known?.caller.accountId ?? world.accountId);
  },
});
