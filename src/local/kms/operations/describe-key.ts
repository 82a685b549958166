/** DescribeKey: what a key is and how it stands. */
import { getKey } from "../find-key.ts";
import { defineOperation, keyId, writeKeyMetadata } from "../operation.ts";
import { toKey } from "../rights.ts";

export const describeKey = defineOperation({
  name: "DescribeKey",
  wire: "target",
  input: { type: "structure", members: { KeyId: { shape: keyId, required: true } } },
  rights: toKey("kms:DescribeKey"),
  notes: {
    served: "by id, alias or ARN",
  },
  act: (given, context, { region }) => ({
    KeyMetadata: writeKeyMetadata(getKey(given.KeyId, region, context, true), context.world.accountId),
  }),
});
