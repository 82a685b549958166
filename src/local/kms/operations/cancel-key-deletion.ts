/** CancelKeyDeletion: a key that was given up is kept. */
import { Refusal } from "../../wire/refusal.ts";
import { getKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";
import { toKey } from "../rights.ts";

export const cancelKeyDeletion = defineOperation({
  name: "CancelKeyDeletion",
  wire: "target",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  rights: toKey("kms:CancelKeyDeletion"),
  notes: {
    served: "the key is disabled then, as on AWS",
  },
  async act(given, context, { region }) {
    const key = getKey(given.KeyId, region, context);
    if (key.state !== "PendingDeletion")
      throw new Refusal("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
    await context.store.saveKey({ ...key, state: "Disabled", deletionAtMs: undefined });
    return { KeyId: key.arn };
  },
});
