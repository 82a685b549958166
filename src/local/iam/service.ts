/** IAM on the wire. */
import type { LocalService } from "../service.ts";
import { makeQueryService, QueryError } from "../wire/query-service.ts";
import type { World } from "../world.ts";
import { iamNotBuilt, iamOperations } from "./operations.ts";
import { makeIamAsk } from "./permissions.ts";
import type { IamStore, User } from "./store.ts";

export function makeIamService(world: World, store: IamStore, administrator: User): LocalService {
  const context = { store, world, administrator };
  return makeQueryService({
    signingName: "iam",
    version: "2010-05-08",
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    operations: iamOperations,
    notBuilt: iamNotBuilt,
    context,
    admit(operation, input, request) {
      const denial = world.authority?.findDenial(
        request.caller,
        makeIamAsk(operation, input, context, request.caller.arn),
      );
      if (denial !== undefined) throw new QueryError("AccessDenied", 403, denial);
    },
  });
}
