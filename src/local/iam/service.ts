/** IAM on the wire. What it keeps is not enforced yet. */
import type { LocalService, World } from "../service.ts";
import { makeQueryService } from "../wire/query-service.ts";
import { iamNotBuilt, iamOperations } from "./operations.ts";
import type { IamStore } from "./store.ts";

export function makeIamService(world: World, store: IamStore): LocalService {
  return makeQueryService({
    signingName: "iam",
    version: "2010-05-08",
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    operations: iamOperations,
    notBuilt: iamNotBuilt,
    context: {
      store,
      world,
    },
  });
}
