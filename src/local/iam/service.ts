/** IAM on the wire. */
import type { LocalService, World } from "../service.ts";
import { makeQueryService } from "../wire/query-service.ts";
import { iamNotBuilt, iamOperations } from "./operations.ts";
import type { IamStore, User } from "./store.ts";

export function makeIamService(world: World, store: IamStore, administrator: User): LocalService {
  return makeQueryService({
    signingName: "iam",
    version: "2010-05-08",
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    operations: iamOperations,
    notBuilt: iamNotBuilt,
    context: { store, world, administrator },
  });
}
