/** What every operation of IAM works with. */
import type { World } from "../service.ts";
import type { QueryOperation } from "../wire/query-service.ts";
import type { IamStore } from "./store.ts";

export interface IamContext {
  readonly store: IamStore;
  readonly world: World;
}

export type IamOperation = QueryOperation<IamContext>;
