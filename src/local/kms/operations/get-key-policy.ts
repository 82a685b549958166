/** GetKeyPolicy: who may use a key. */
import { checkPolicyName } from "../check-key-policy.ts";
import { getKey } from "../find-key.ts";
import { defineOperation, keyId, policyName } from "../operation.ts";
import { toKey } from "../rights.ts";

export const getKeyPolicy = defineOperation({
  name: "GetKeyPolicy",
  wire: "target",
  input: {
    type: "structure",
    members: { KeyId: { shape: keyId, required: true }, PolicyName: { shape: policyName } },
  },
  rights: toKey("kms:GetKeyPolicy"),
  notes: {
    served: "yes",
  },
  act(given, context, { region }) {
    checkPolicyName(given.PolicyName);
    return { Policy: getKey(given.KeyId, region, context).policy, PolicyName: "default" };
  },
});
