/** What a key policy must be. */
import { parsePolicy } from "../iam/evaluate/policy.ts";
import type { WireRequest } from "../service.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";

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

/** A key has one policy, called `default`. @throws Refusal NotFoundException */
export function checkPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== "default") throw new Refusal("NotFoundException", "No such policy exists");
}
