/** Operations on aliases: names for keys. */
import { partitionOf } from "../partition.ts";
import { Refusal } from "../wire/refusal.ts";
import { aliasName, defineKmsOperation, getKey, keyId } from "./operation.ts";

export const createAlias = defineKmsOperation({
  name: "CreateAlias",
  input: {
    type: "structure",
    members: { AliasName: { shape: aliasName, required: true }, TargetKeyId: { shape: keyId, required: true } },
  },
  served: "a name beginning with alias/, not with alias/aws/",
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

export const deleteAlias = defineKmsOperation({
  name: "DeleteAlias",
  input: { type: "structure", members: { AliasName: { shape: aliasName, required: true } } },
  served: "the key stays",
  async act(given, { store }, { region }) {
    const alias = store.listAliases(region).find(({ name }) => name === given.AliasName);
    if (alias === undefined) throw new Refusal("NotFoundException", `Alias ${given.AliasName} is not found.`);
    await store.removeAlias(alias.arn);
    return {};
  },
});

export const listAliases = defineKmsOperation({
  name: "ListAliases",
  input: {
    type: "structure",
    members: {
      KeyId: { shape: keyId },
      Limit: { shape: { type: "integer", min: 1, max: 100 } },
      Marker: { shape: keyId },
    },
  },
  served: "every alias of the Region, or of a key, at once",
  differs: "without AWS's own keys",
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
