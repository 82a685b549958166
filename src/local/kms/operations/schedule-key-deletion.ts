/** ScheduleKeyDeletion: a key is given up. */
import { getLivingKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";
import { toKey } from "../rights.ts";

const dayMs = 24 * 3600_000;

export const scheduleKeyDeletion = defineOperation({
  name: "ScheduleKeyDeletion",
  wire: "target",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      PendingWindowInDays: { shape: { type: "integer", min: 7, max: 30 } },
    },
  },
  rights: toKey("kms:ScheduleKeyDeletion"),
  notes: {
    served: "the key works no more; the day comes and goes, and it is kept",
  },
  async act(given, context, { region }) {
    const key = getLivingKey(given.KeyId, region, context);
    const days = given.PendingWindowInDays ?? 30;
    const deletionAtMs = context.world.clock.nowMs() + days * dayMs;
    await context.store.saveKey({ ...key, state: "PendingDeletion", deletionAtMs });
    const state = { KeyState: "PendingDeletion", PendingWindowInDays: days };
    return { KeyId: key.arn, DeletionDate: new Date(deletionAtMs), ...state };
  },
});
