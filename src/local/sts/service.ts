/** STS on the wire. */
import type { LocalService } from "../service.ts";
import { makeQueryService } from "../wire/query-service.ts";
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
  });
}
