/** PutKeyPolicy: decides who may use a key. */
import { checkKeyPolicy, checkPolicyName } from "../check-key-policy.ts";
import { getKey } from "../find-key.ts";
import { defineOperation, keyId, policyName, policyText } from "../operation.ts";
import { toKey } from "../rights.ts";

export const putKeyPolicy = defineOperation({
  name: "PutKeyPolicy",
  wire: "target",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      PolicyName: { shape: policyName },
      Policy: { shape: policyText, required: true },
      BypassPolicyLockoutSafetyCheck: { shape: { type: "boolean" } },
    },
  },
  rights: toKey("kms:PutKeyPolicy"),
  notes: {
    served:
      "decides who may use the key, where IAM is enforced; it has to leave its writer the right to change it again",
  },
  async act(given, context, request) {
    checkPolicyName(given.PolicyName);
    const key = getKey(given.KeyId, request.region, context);
    const isLockoutTaken = given.BypassPolicyLockoutSafetyCheck === true;
    checkKeyPolicy(given.Policy, key.arn, context.world, request, isLockoutTaken);
    await context.store.saveKey({ ...key, policy: given.Policy });
    return {};
  },
});
