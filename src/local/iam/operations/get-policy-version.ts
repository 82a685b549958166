import type { IamOperation } from "../context.ts";
import { policyArn, versionId } from "../fields.ts";
import { getVersion, writeVersion } from "../policy-versions.ts";
import { findPolicy } from "./get-policy.ts";

/** The document of one version of a managed policy. */
export const getPolicyVersion: IamOperation = {
  name: "GetPolicyVersion",
  fields: { PolicyArn: policyArn, VersionId: versionId },
  act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    return writeVersion(policy, getVersion(policy, input.get("VersionId")), "full");
  },
};
