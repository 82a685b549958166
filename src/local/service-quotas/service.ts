/** Service Quotas on the wire. */
import type { Quotas } from "../models/quotas.ts";
import type { LocalService } from "../service.ts";
import { makeJsonService } from "../wire/json-service.ts";
import type { World } from "../world.ts";
import { openIncreaseRequests } from "./increase-requests.ts";
import { serviceQuotasOperations } from "./operations.ts";

/** @param quotas shared with Bedrock, so that what is approved holds there */
export function makeServiceQuotasService(world: World, quotas: Quotas): LocalService {
  const opening = openIncreaseRequests(world, quotas).then((requests) => ({ world, quotas, requests }));
  opening.catch(() => undefined);
  return makeJsonService(serviceQuotasOperations, opening);
}
