/** IAM on the wire. */
import type { LocalService } from "../service.ts";
import { makeQueryService } from "../wire/query-service.ts";
import type { World } from "../world.ts";
import { iamOperations } from "./operations.ts";
import type { IamStore, User } from "./store.ts";

export const makeIamService = (world: World, store: IamStore, administrator: User): LocalService =>
  makeQueryService(iamOperations, {
    version: "2010-05-08",
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    context: { store, world, administrator },
  });
