import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyArn, versionId } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { defaultVersionIdOf, getVersion, listVersions } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

/** Removes a version that is not in force. */
export const deletePolicyVersion = defineOperation({
  name: "DeletePolicyVersion",
  wire: "action",
  input: form({ PolicyArn: policyArn, VersionId: versionId }),
  rights: toPolicy("iam:DeletePolicyVersion"),
  notes: { served: kept },
  async act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    const { id } = getVersion(policy, input.get("VersionId"));
    if (id === defaultVersionIdOf(policy))
      throw new QueryError("DeleteConflict", 409, "Cannot delete the default version of a policy.");
    await store.savePolicy({ ...policy, versions: listVersions(policy).filter((each) => each.id !== id) });
    return undefined;
  },
});
