import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { writePolicy } from "../answer.ts";
import { kept, policyArn } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toPolicy } from "../rights.ts";
import type { IamStore, ManagedPolicy } from "../store.ts";

export const getPolicy = defineOperation({
  name: "GetPolicy",
  wire: "action",
  input: form({ PolicyArn: policyArn }),
  rights: toPolicy("iam:GetPolicy"),
  notes: { served: kept, differs: "not for AWS's own policies" },
  act: (input, { store }) => writePolicy(findPolicy(store, input.get("PolicyArn")), store, "full"),
});

/** @throws QueryError NoSuchEntity. AWS's own policies are not kept here and are not found */
export function findPolicy(store: IamStore, arn: string): ManagedPolicy {
  const policy = store.data.policies[arn];
  if (policy !== undefined) return policy;
  throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
}
