/** STS on the wire. */
import type { LocalService } from "../service.ts";
import { makeQueryService, QueryError } from "../wire/query-service.ts";
import type { StsContext } from "./context.ts";
import { stsNotBuilt, stsOperations } from "./operations.ts";

export function makeStsService(context: StsContext): LocalService {
  return makeQueryService({
    signingName: "sts",
    version: "2011-06-15",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    operations: stsOperations,
    notBuilt: stsNotBuilt,
    context,
    admit(operation, _input, { caller, region }) {
      // Everybody may ask who they are and for a session of their own; a role's trust policy is asked by the operation.
      if (operation !== "GetAccessKeyInfo") return;
      const ask = { action: `sts:${operation}`, resource: "*", region };
      const denial = context.world.authority?.findDenial(caller, ask);
      if (denial !== undefined) throw new QueryError("AccessDenied", 403, denial);
    },
  });
}
