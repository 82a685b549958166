/** CreateAlias: a name for a key. */
import { partitionOf } from "../../partition.ts";
import { Refusal } from "../../wire/refusal.ts";
import { getKey } from "../find-key.ts";
import { aliasName, defineOperation, keyId } from "../operation.ts";
import { toTarget } from "../rights.ts";

export const createAlias = defineOperation({
  name: "CreateAlias",
  wire: "target",
  input: {
    type: "structure",
    members: { AliasName: { shape: aliasName, required: true }, TargetKeyId: { shape: keyId, required: true } },
  },
  rights: toTarget("kms:CreateAlias"),
  notes: {
    served: "a name beginning with alias/, not with alias/aws/",
  },
  async act(given, context, { region }) {
    const { AliasName: name } = given;
    if (!/^alias\/.+/.test(name))
      throw new Refusal("ValidationException", 'Alias must start with the prefix "alias/".');
    if (name.startsWith("alias/aws/")) throw new Refusal("NotAuthorizedException", "");
    const key = getKey(given.TargetKeyId, region, context);
    const arn = `arn:${partitionOf(region)}:kms:${region}:${context.world.accountId}:${name}`;
    if (context.store.listAliases(region).some((alias) => alias.arn === arn))
      throw new Refusal("AlreadyExistsException", `An alias with the name ${arn} already exists`);
    await context.store.saveAlias({ name, arn, region, keyId: key.id, createdAtMs: context.world.clock.nowMs() });
    return {};
  },
});
