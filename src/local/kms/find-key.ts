/** The key that a call names. */
import { partitionOf } from "../partition.ts";
import { Refusal } from "../wire/refusal.ts";
import type { KmsContext } from "./operation.ts";
import type { Key } from "./store.ts";

/** By id or ARN, and by alias where the operation takes one. @throws Refusal NotFoundException */
export function getKey(name: string, region: string, { store, world }: KmsContext, takesAlias = false): Key {
  const isAlias = name.startsWith("alias/") || name.includes(":alias/");
  const key = isAlias && !takesAlias ? undefined : store.find(name, region);
  if (key !== undefined) return key;
  const arn = name.startsWith("arn:")
    ? name
    : `arn:${partitionOf(region)}:kms:${region}:${world.accountId}:${isAlias ? name : `key/${name}`}`;
  throw new Refusal(
    "NotFoundException",
    `${isAlias ? "Alias" : "Key"} '${arn}' ${isAlias ? "is not found." : "does not exist"}`,
  );
}

/** @throws Refusal KMSInvalidStateException of a key that is to be deleted */
export function getLivingKey(name: string, region: string, context: KmsContext): Key {
  const key = getKey(name, region, context);
  if (key.state === "PendingDeletion") throw new Refusal("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}
