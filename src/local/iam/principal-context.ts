/** What stands behind a user or a role's session: the policies that concern it, and the keys that conditions know it by. */
import { type Policy, parsePolicy } from "./evaluate/policy.ts";
import type { Principal } from "./evaluate/principal.ts";
import type { IamStore, Identity } from "./store.ts";

export interface PrincipalContext {
  readonly principal: Principal;
  readonly policies: readonly Policy[];
  readonly boundary: Policy | undefined;
  /** Key, in lower case → values. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/** A policy that is named and not known allows nothing. */
export const readDocument = (arn: string, store: IamStore): Policy => {
  const found = store.findDocument(arn);
  return found === undefined ? { id: arn, hasVariables: false, statements: [] } : parsePolicy(found.document, found.id);
};

export interface PrincipalQuestion {
  readonly accountId: string;
  /** Undefined for a user; of a role the session, with which it acts. */
  readonly session?: { readonly arn: string; readonly userId: string } | undefined;
}

/** @param identity a user, or the role behind a session */
export function findPrincipalContext(
  identity: Identity,
  { accountId, session }: PrincipalQuestion,
  store: IamStore,
): PrincipalContext {
  const { arn, boundaryArn } = identity;
  return {
    principal:
      session === undefined
        ? { kind: "user", arn, accountId }
        : { kind: "session", arn: session.arn, roleArn: arn, accountId },
    policies: store.listPermissions(identity).map(({ id, document }) => parsePolicy(document, id)),
    boundary: boundaryArn === undefined ? undefined : readDocument(boundaryArn, store),
    keys: new Map<string, readonly string[]>([
      ["aws:principalarn", [arn]],
      ["aws:principalaccount", [accountId]],
      ["aws:principaltype", [session === undefined ? "User" : "AssumedRole"]],
      ["aws:principalisawsservice", ["false"]],
      ["aws:userid", [session?.userId ?? identity.id]],
      ...(session === undefined ? [["aws:username", [identity.name]] as const] : []),
      ...identity.tags.map(({ key, value }) => [`aws:principaltag/${key.toLowerCase()}`, [value]] as const),
    ]),
  };
}
