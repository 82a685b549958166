/** STS on the wire. */
import type { LocalService } from "../service.ts";
import { makeQueryService } from "../wire/query-service.ts";
import type { StsContext } from "./operation.ts";
import { stsOperations } from "./operations.ts";

export const makeStsService = (context: StsContext): LocalService =>
  makeQueryService(stsOperations, {
    version: "2011-06-15",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    context,
  });
