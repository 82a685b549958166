/** CreateKey: a symmetric key. */
import { randomUUID } from "node:crypto";
import { toAll } from "../../operation.ts";
import { partitionOf } from "../../partition.ts";
import { checkKeyPolicy } from "../check-key-policy.ts";
import { defineOperation, makeDefaultKeyPolicy, policyText, writeKeyMetadata } from "../operation.ts";
import type { Key } from "../store.ts";

export const createKey = defineOperation({
  name: "CreateKey",
  wire: "target",
  input: {
    type: "structure",
    members: {
      Policy: { shape: policyText },
      Description: { shape: { type: "string", max: 8192 } },
      KeyUsage: { shape: { type: "string", enum: ["ENCRYPT_DECRYPT"] } },
      KeySpec: { shape: { type: "string", enum: ["SYMMETRIC_DEFAULT"] } },
      BypassPolicyLockoutSafetyCheck: { shape: { type: "boolean" } },
    },
  },
  rights: toAll("kms:CreateKey"),
  notes: {
    served: "a symmetric key; without a policy one that leaves access to IAM",
    notBuilt: "other kinds of keys, tags, several Regions",
  },
  async act(given, { world, store }, request) {
    const policy = given.Policy ?? makeDefaultKeyPolicy(world.accountId);
    const id = randomUUID();
    const arn = `arn:${partitionOf(request.region)}:kms:${request.region}:${world.accountId}:key/${id}`;
    checkKeyPolicy(policy, arn, world, request, given.BypassPolicyLockoutSafetyCheck === true);
    const { region } = request;
    const createdAtMs = world.clock.nowMs();
    const key: Key = { id, arn, region, createdAtMs, description: given.Description ?? "", state: "Enabled", policy };
    await store.saveKey(key);
    return { KeyMetadata: writeKeyMetadata(key, world.accountId) };
  },
});
