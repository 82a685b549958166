import { QueryError } from "../../wire/query-service.ts";
import type { IamOperation } from "../context.ts";
import { policyArn, versionId } from "../fields.ts";
import { defaultVersionIdOf, getVersion, listVersions } from "../policy-versions.ts";
import { findPolicy } from "./get-policy.ts";

/** Removes a version that is not in force. */
export const deletePolicyVersion: IamOperation = {
  name: "DeletePolicyVersion",
  fields: { PolicyArn: policyArn, VersionId: versionId },
  async act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    const { id } = getVersion(policy, input.get("VersionId"));
    if (id === defaultVersionIdOf(policy))
      throw new QueryError("DeleteConflict", 409, "Cannot delete the default version of a policy.");
    await store.savePolicy({ ...policy, versions: listVersions(policy).filter((each) => each.id !== id) });
    return undefined;
  },
};
