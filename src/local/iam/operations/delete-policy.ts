import { QueryError } from "../../wire/query-service.ts";
import { isAttached } from "../attachable.ts";
import type { IamOperation } from "../context.ts";
import { policyArn } from "../fields.ts";
import { listVersions } from "../policy-versions.ts";
import { findPolicy } from "./get-policy.ts";

export const deletePolicy: IamOperation = {
  name: "DeletePolicy",
  fields: { PolicyArn: policyArn },
  async act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    const { arn } = policy;
    if (isAttached(arn, store)) {
      throw new QueryError("DeleteConflict", 409, "Cannot delete a policy attached to entities.");
    }
    if (listVersions(policy).length > 1) {
      throw new QueryError(
        "DeleteConflict",
        409,
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    await store.removePolicy(arn);
    return undefined;
  },
};
