/** The question that the JSON services put before they act. */
import type { WireRequest } from "../service.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";
import type { Ask } from "./ask.ts";

/** @throws Refusal `AccessDeniedException` where IAM is enforced and does not allow it */
export function checkCaller(
  { authority }: Pick<World, "authority">,
  { caller, region }: Pick<WireRequest, "caller" | "region">,
  ask: Omit<Ask, "region"> & { readonly region?: string },
): void {
  const denial = authority?.findDenial(caller, { region, ...ask });
  if (denial !== undefined) throw new Refusal("AccessDeniedException", denial);
}
