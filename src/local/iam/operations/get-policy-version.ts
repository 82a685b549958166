import { form } from "../../wire/query-fields.ts";
import { kept, policyArn, versionId } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { getVersion, writeVersion } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

/** The document of one version of a managed policy. */
export const getPolicyVersion = defineOperation({
  name: "GetPolicyVersion",
  wire: "action",
  input: form({ PolicyArn: policyArn, VersionId: versionId }),
  rights: toPolicy("iam:GetPolicyVersion"),
  notes: { served: kept, differs: "not for AWS's own policies" },
  act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    return writeVersion(policy, getVersion(policy, input.get("VersionId")), "full");
  },
});
