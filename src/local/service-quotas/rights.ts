/** What a call of Service Quotas is a right to. */
import type { Rights } from "../operation.ts";
import { partitionOf } from "../partition.ts";
import type { WireRequest } from "../service.ts";

type QuotaRights<Given, A extends string> = Rights<Given, unknown, WireRequest, A>;

interface NamedQuota {
  readonly ServiceCode: string;
  readonly QuotaCode: string;
}

/** The right to ask for more is one to one quota. */
export const toQuota = <const A extends string>(action: A): QuotaRights<NamedQuota, A> => ({
  actions: [action],
  list: ({ ServiceCode, QuotaCode }, _context, { region, caller }) => [
    {
      action,
      resource: `arn:${partitionOf(region)}:servicequotas:${region}:${caller.accountId}:${ServiceCode}/${QuotaCode}`,
    },
  ],
});
