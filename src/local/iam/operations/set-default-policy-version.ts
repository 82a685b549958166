import { form } from "../../wire/query-fields.ts";
import { kept, policyArn, versionId } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { getVersion, withDefault } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

/** Puts another version in force. */
export const setDefaultPolicyVersion = defineOperation({
  name: "SetDefaultPolicyVersion",
  wire: "action",
  input: form({ PolicyArn: policyArn, VersionId: versionId }),
  rights: toPolicy("iam:SetDefaultPolicyVersion"),
  notes: { served: kept },
  async act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    await store.savePolicy(withDefault(policy, getVersion(policy, input.get("VersionId"))));
    return undefined;
  },
});
