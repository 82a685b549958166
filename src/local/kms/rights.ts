/** What a call of KMS is a right to. A call about a key is decided by the key's policy too, and first of all. */
import type { Right, Rights } from "../operation.ts";
import type { WireRequest } from "../service.ts";
import type { KmsContext } from "./operation.ts";

type KmsRights<Given, A extends string> = Rights<Given, KmsContext, WireRequest, A>;

/** What is not there is told to who may ask for anything. */
function listForKey<A extends string>(action: A, name: string, { store }: KmsContext, region: string): Right<A>[] {
  const key = store.find(name, region);
  return key === undefined ? [] : [{ action, resource: key.arn, keyPolicy: key.policy }];
}

export const toKey = <const A extends string>(action: A): KmsRights<{ readonly KeyId: string }, A> => ({
  actions: [action],
  list: ({ KeyId }, context, { region }) => listForKey(action, KeyId, context, region),
});

export const toTarget = <const A extends string>(action: A): KmsRights<{ readonly TargetKeyId: string }, A> => ({
  actions: [action],
  list: ({ TargetKeyId }, context, { region }) => listForKey(action, TargetKeyId, context, region),
});

/** To the key behind an alias; to all keys where there is no such alias. */
export const toAlias = <const A extends string>(action: A): KmsRights<{ readonly AliasName: string }, A> => ({
  actions: [action],
  list({ AliasName }, context, { region }) {
    const alias = context.store.listAliases(region).find(({ name }) => name === AliasName);
    return alias === undefined ? [{ action, resource: "*" }] : listForKey(action, alias.keyId, context, region);
  },
});
