/** What every operation of IAM works with. */

import { makeDefiner } from "../operation.ts";
import type { WireRequest } from "../service.ts";
import { QueryError } from "../wire/query-error.ts";
import { type QueryKind } from "../wire/query-service.ts";
import type { World } from "../world.ts";
import type { IamStore, User } from "./store.ts";

export interface IamContext {
  readonly store: IamStore;
  readonly world: World;
  /** The user that is always there, whose key `env` hands out. It is not kept, cannot be changed and is in no list. */
  readonly administrator: User;
}

export type IamKind = QueryKind<IamContext>;

export const defineOperation = makeDefiner<IamKind>();

/**
 * The user of that name; the caller where none is named.
 * @throws QueryError NoSuchEntity; ValidationError where no user calls
 */
export function getCallingUser(
  name: string | undefined,
  { store, administrator }: IamContext,
  request: WireRequest,
): User {
  if (name === administrator.name) return administrator;
  if (name !== undefined) return store.getUser(name);
  const { arn } = request.caller;
  const caller = arn === administrator.arn ? administrator : store.findUserByArn(arn);
  if (caller !== undefined) return caller;
  throw new QueryError("ValidationError", 400, "Must specify userName when calling with non-User credentials");
}
