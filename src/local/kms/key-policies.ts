/** Operations on the policy of a key. A key has one, called `default`. */
import { parsePolicy } from "../iam/evaluate/policy.ts";
import type { WireRequest } from "../service.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";
import { defineKmsOperation, getKey, keyId, policyName, policyText } from "./operation.ts";

/**
 * A policy has to parse, and to leave its writer the right to change it again, unless told otherwise.
 * @throws Refusal MalformedPolicyDocumentException
 */
export function checkKeyPolicy(
  text: string,
  arn: string,
  { authority }: Pick<World, "authority">,
  { caller, region }: Pick<WireRequest, "caller" | "region">,
  isLockoutTaken: boolean,
): void {
  const malformed = (message: string): Refusal => new Refusal("MalformedPolicyDocumentException", message);
  try {
    parsePolicy(text, "key policy");
  } catch {
    throw malformed("Policy contains invalid JSON or statements");
  }
  if (isLockoutTaken || authority === undefined) return;
  const ask = { action: "kms:PutKeyPolicy", resource: arn, region, keyPolicy: text };
  if (authority.findDenial(caller, ask) !== undefined)
    throw malformed("The new key policy will not allow you to update the key policy in the future.");
}

/** @throws Refusal NotFoundException */
function checkName(name: string | undefined): void {
  if (name !== undefined && name !== "default") throw new Refusal("NotFoundException", "No such policy exists");
}

export const getKeyPolicy = defineKmsOperation({
  name: "GetKeyPolicy",
  input: {
    type: "structure",
    members: { KeyId: { shape: keyId, required: true }, PolicyName: { shape: policyName } },
  },
  served: "yes",
  act(given, context, { region }) {
    checkName(given.PolicyName);
    return { Policy: getKey(given.KeyId, region, context).policy, PolicyName: "default" };
  },
});

export const listKeyPolicies = defineKmsOperation({
  name: "ListKeyPolicies",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      Limit: { shape: { type: "integer", min: 1, max: 1000 } },
      Marker: { shape: keyId },
    },
  },
  served: "always one: default",
  act(given, context, { region }) {
    getKey(given.KeyId, region, context);
    return { PolicyNames: ["default"], Truncated: false };
  },
});

export const putKeyPolicy = defineKmsOperation({
  name: "PutKeyPolicy",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      PolicyName: { shape: policyName },
      Policy: { shape: policyText, required: true },
      BypassPolicyLockoutSafetyCheck: { shape: { type: "boolean" } },
    },
  },
  served: "decides who may use the key, where IAM is enforced; it has to leave its writer the right to change it again",
  async act(given, context, request) {
    checkName(given.PolicyName);
    const key = getKey(given.KeyId, request.region, context);
    const isLockoutTaken = given.BypassPolicyLockoutSafetyCheck === true;
    checkKeyPolicy(given.Policy, key.arn, context.world, request, isLockoutTaken);
    await context.store.saveKey({ ...key, policy: given.Policy });
    return {};
  },
});
