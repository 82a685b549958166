/** EnableKey: a key is switched on. */
import { getLivingKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";
import { toKey } from "../rights.ts";

export const enableKey = defineOperation({
  name: "EnableKey",
  wire: "target",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  rights: toKey("kms:EnableKey"),
  notes: { served: "the key works again" },
  async act(given, context, { region }) {
    await context.store.saveKey({ ...getLivingKey(given.KeyId, region, context), state: "Enabled" });
    return {};
  },
});
