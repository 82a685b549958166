/** ListAliases: the names of keys. */

import { toAll } from "../../operation.ts";
import { getKey } from "../find-key.ts";
import { defineOperation, keyId } from "../operation.ts";

export const listAliases = defineOperation({
  name: "ListAliases",
  wire: "target",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId },
      Limit: { shape: { type: "integer", min: 1, max: 100 } },
      Marker: { shape: keyId },
    },
  },
  rights: toAll("kms:ListAliases"),
  notes: {
    served: "every alias of the Region, or of a key, at once",
    differs: "without AWS's own keys",
  },
  act(given, context, { region }) {
    const key = given.KeyId === undefined ? undefined : getKey(given.KeyId, region, context);
    return {
      Aliases: context.store
        .listAliases(region)
        .filter((alias) => key === undefined || alias.keyId === key.id)
        .map(({ name, arn, keyId: TargetKeyId, createdAtMs }) => ({
          AliasName: name,
          AliasArn: arn,
          TargetKeyId,
          CreationDate: new Date(createdAtMs),
          LastUpdatedDate: new Date(createdAtMs),
        })),
      Truncated: false,
    };
  },
});
