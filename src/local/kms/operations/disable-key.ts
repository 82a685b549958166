/** DisableKey: a key is switched off. */
import { getLivingKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";
import { toKey } from "../rights.ts";

export const disableKey = defineOperation({
  name: "DisableKey",
  wire: "target",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  rights: toKey("kms:DisableKey"),
  notes: { served: "S3 refuses to use the key" },
  async act(given, context, { region }) {
    await context.store.saveKey({ ...getLivingKey(given.KeyId, region, context), state: "Disabled" });
    return {};
  },
});
