import { QueryError } from "../../wire/query-service.ts";
import { leaf } from "../../wire/xml.ts";
import type { StsOperation } from "../context.ts";

/** The account that a key belongs to. A key that nobody knows is taken for this account's where it looks like one. */
export const getAccessKeyInfo: StsOperation = {
  name: "GetAccessKeyInfo",
  fields: { AccessKeyId: { type: "string", isRequired: true, min: 16, max: 128, pattern: "[\\w]*" } },
  act(input, { keys, world }) {
    const accessKeyId = input.get("AccessKeyId");
    const known = keys.find(accessKeyId);
    // AWS reads the account out of the id itself, so it answers for every well-formed one.
    if (known === undefined && !/^A[KS]IA[A-Z2-7]{12,}$/.test(accessKeyId)) {
      throw new QueryError("ValidationError", 400, "Invalid value for input parameter AccessKeyId.");
    }
    return leaf("Account", known?.caller.accountId ?? world.accountId);
  },
};
