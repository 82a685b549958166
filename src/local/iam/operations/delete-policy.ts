import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { isAttached } from "../attachable.ts";
import { kept, policyArn } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { listVersions } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

export const deletePolicy = defineOperation({
  name: "DeletePolicy",
  wire: "action",
  input: form({ PolicyArn: policyArn }),
  rights: toPolicy("iam:DeletePolicy"),
  notes: { served: kept },
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
});
