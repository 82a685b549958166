import { QueryError } from "../../wire/query-service.ts";
import { writePolicy } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { policyArn } from "../fields.ts";
import type { IamStore, ManagedPolicy } from "../store.ts";

export const getPolicy: IamOperation = {
  name: "GetPolicy",
  fields: { PolicyArn: policyArn },
  act: (input, { store }) => writePolicy(findPolicy(store, input.get("PolicyArn")), store, "full"),
};

/** @throws QueryError NoSuchEntity. AWS's own policies are not kept here and are not found */
export function findPolicy(store: IamStore, arn: string): ManagedPolicy {
  const policy = store.data.policies[arn];
  if (policy !== undefined) return policy;
  throw new QueryError("NoSuchEntity", 404, `Policy ${arn} was not found.`);
}
