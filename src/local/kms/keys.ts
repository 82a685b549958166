/** Operations on keys: made, described, listed, switched off and on, given up. They cannot be removed at once. */

import { randomUUID } from "node:crypto";
import { partitionOf } from "../partition.ts";
import { Refusal } from "../wire/refusal.ts";
import { checkKeyPolicy } from "./key-policies.ts";
import { defineKmsOperation, describeKey, getKey, keyId, makeDefaultKeyPolicy, policyText } from "./operation.ts";
import type { Key } from "./store.ts";

const dayMs = 24 * 3600_000;

export const createKey = defineKmsOperation({
  name: "CreateKey",
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
  served: "a symmetric key; without a policy one that leaves access to IAM",
  notBuilt: "other kinds of keys, tags, several Regions",
  async act(given, { world, store }, request) {
    const policy = given.Policy ?? makeDefaultKeyPolicy(world.accountId);
    const id = randomUUID();
    const arn = `arn:${partitionOf(request.region)}:kms:${request.region}:${world.accountId}:key/${id}`;
    checkKeyPolicy(policy, arn, world, request, given.BypassPolicyLockoutSafetyCheck === true);
    const { region } = request;
    const createdAtMs = world.clock.nowMs();
    const key: Key = { id, arn, region, createdAtMs, description: given.Description ?? "", state: "Enabled", policy };
    await store.saveKey(key);
    return { KeyMetadata: describeKey(key, world.accountId) };
  },
});

export const describeKeyOperation = defineKmsOperation({
  name: "DescribeKey",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  served: "by id, alias or ARN",
  act: (given, context, { region }) => ({
    KeyMetadata: describeKey(getKey(given.KeyId, region, context, true), context.world.accountId),
  }),
});

export const listKeys = defineKmsOperation({
  name: "ListKeys",
  input: {
    type: "structure",
    members: { Limit: { shape: { type: "integer", min: 1, max: 1000 } }, Marker: { shape: keyId } },
  },
  served: "every key of the Region, at once",
  act: (_given, { store }, { region }) => ({
    Keys: store.listKeys(region).map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
    Truncated: false,
  }),
});

/** @throws Refusal KMSInvalidStateException of a key that is to be deleted */
function getLivingKey(name: string, region: string, context: Parameters<typeof getKey>[2]): Key {
  const key = getKey(name, region, context);
  if (key.state === "PendingDeletion") throw new Refusal("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

const makeSwitch = (name: "EnableKey" | "DisableKey", state: "Enabled" | "Disabled", served: string) =>
  defineKmsOperation({
    name,
    input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
    served,
    async act(given, context, { region }) {
      await context.store.saveKey({ ...getLivingKey(given.KeyId, region, context), state });
      return {};
    },
  });

export const enableKey = makeSwitch("EnableKey", "Enabled", "the key works again");
export const disableKey = makeSwitch("DisableKey", "Disabled", "S3 refuses to use the key");

export const scheduleKeyDeletion = defineKmsOperation({
  name: "ScheduleKeyDeletion",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      PendingWindowInDays: { shape: { type: "integer", min: 7, max: 30 } },
    },
  },
  served: "the key works no more; the day comes and goes, and it is kept",
  async act(given, context, { region }) {
    const key = getLivingKey(given.KeyId, region, context);
    const days = given.PendingWindowInDays ?? 30;
    const deletionAtMs = context.world.clock.nowMs() + days * dayMs;
    await context.store.saveKey({ ...key, state: "PendingDeletion", deletionAtMs });
    const state = { KeyState: "PendingDeletion", PendingWindowInDays: days };
    return { KeyId: key.arn, DeletionDate: new Date(deletionAtMs), ...state };
  },
});

export const cancelKeyDeletion = defineKmsOperation({
  name: "CancelKeyDeletion",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  served: "the key is disabled then, as on AWS",
  async act(given, context, { region }) {
    const key = getKey(given.KeyId, region, context);
    if (key.state !== "PendingDeletion")
      throw new Refusal("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
    await context.store.saveKey({ ...key, state: "Disabled", deletionAtMs: undefined });
    return { KeyId: key.arn };
  },
});
