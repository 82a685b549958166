import { QueryError } from "../../wire/query-service.ts";
import { isAttached } from "../attachable.ts";
import type { IamOperation } from "../context.ts";
import { policyArn } from "../fields.ts";
import { findPolicy } from "./get-policy.ts";

export const deletePolicy: IamOperation = {
  name: "DeletePolicy",
  fields: { PolicyArn: policyArn },
  async act(input, { store }) {
    const { arn } = findPolicy(store, input.get("PolicyArn"));
    if (isAttached(arn, store)) {
      throw new QueryError("DeleteConflict", 409, "Cannot delete a policy attached to entities.");
    }
    await store.removePolicy(arn);
    return undefined;
  },
};
