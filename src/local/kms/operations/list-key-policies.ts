/** ListKeyPolicies: the names of a key's policies: it has one. */
import { getKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";
import { toKey } from "../rights.ts";

export const listKeyPolicies = defineOperation({
  name: "ListKeyPolicies",
  wire: "target",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId, required: true },
      Limit: { shape: { type: "integer", min: 1, max: 1000 } },
      Marker: { shape: keyId },
    },
  },
  rights: toKey("kms:ListKeyPolicies"),
  notes: {
    served: "always one: default",
  },
  act(given, context, { region }) {
    getKey(given.KeyId, region, context);
    return { PolicyNames: ["default"], Truncated: false };
  },
});
