import type { IamOperation } from "../context.ts";
import { policyArn, versionId } from "../fields.ts";
import { getVersion, withDefault } from "../policy-versions.ts";
import { findPolicy } from "./get-policy.ts";

/** Puts another version in force. */
export const setDefaultPolicyVersion: IamOperation = {
  name: "SetDefaultPolicyVersion",
  fields: { PolicyArn: policyArn, VersionId: versionId },
  async act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    await store.savePolicy(withDefault(policy, getVersion(policy, input.get("VersionId"))));
    return undefined;
  },
};
