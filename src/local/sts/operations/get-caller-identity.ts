import { leaf } from "../../wire/xml.ts";
import type { StsOperation } from "../context.ts";

export const getCallerIdentity: StsOperation = {
  name: "GetCallerIdentity",
  fields: {},
  act: (_input, { request: { caller } }) =>
    leaf("Arn", caller.arn) + leaf("UserId", caller.userId) + leaf("Account", caller.accountId),
};
