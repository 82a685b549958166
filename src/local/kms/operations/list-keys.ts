/** ListKeys: the keys of the Region. */

import { toAll } from "../../operation.ts";
import { defineOperation, keyId } from "../operation.ts";

export const listKeys = defineOperation({
  name: "ListKeys",
  wire: "target",
  input: {
    type: "structure",
    members: { Limit: { shape: { type: "integer", min: 1, max: 1000 } }, Marker: { shape: keyId } },
  },
  rights: toAll("kms:ListKeys"),
  notes: {
    served: "every key of the Region, at once",
  },
  act: (_given, { store }, { region }) => ({
    Keys: store.listKeys(region).map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
    Truncated: false,
  }),
});
