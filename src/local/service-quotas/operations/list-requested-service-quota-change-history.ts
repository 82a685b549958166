/** ListRequestedServiceQuotaChangeHistory, of one quota or of all: the requests of the Region, newest first. */

import { toAll } from "../../operation.ts";
import { type IncreaseRequest } from "../increase-requests.ts";
import {
  appliedAtLevel,
  checkService,
  cutRows,
  defineOperation,
  getRow,
  maxResults,
  nextToken,
  type QuotasContext,
  quotaCode,
  requestStatus,
  serviceCode,
} from "../operation.ts";
import { describeRequest } from "../quota-view.ts";

const filters = {
  Status: { shape: requestStatus },
  NextToken: { shape: nextToken },
  MaxResults: { shape: maxResults },
  QuotaRequestedAtLevel: { shape: appliedAtLevel },
} as const;

interface Filters {
  readonly Status?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly QuotaRequestedAtLevel?: string;
}

function list(
  given: Filters,
  context: QuotasContext,
  region: string,
  isWanted: (request: IncreaseRequest) => boolean,
): object {
  const found = context.requests.list
    .filter((request) => request.region === region && isWanted(request) && given.QuotaRequestedAtLevel !== "RESOURCE")
    .map((request) => describeRequest(request, context))
    .filter((request) => given.Status === undefined || request["Status"] === given.Status)
    .reverse();
  const page = cutRows(found, given.NextToken, given.MaxResults ?? 100);
  return { RequestedQuotas: page.rows, NextToken: page.token };
}

export const listRequestedServiceQuotaChangeHistory = defineOperation({
  name: "ListRequestedServiceQuotaChangeHistory",
  wire: "target",
  input: { type: "structure", members: { ServiceCode: { shape: serviceCode }, ...filters } },
  rights: toAll("servicequotas:ListRequestedServiceQuotaChangeHistory"),
  notes: {
    served: "every request of the Region, by status, pages",
  },
  act(given, context, { region }) {
    if (given.ServiceCode !== undefined) checkService(given.ServiceCode);
    return list(given, context, region, () => true);
  },
});

export const listRequestedServiceQuotaChangeHistoryByQuota = defineOperation({
  name: "ListRequestedServiceQuotaChangeHistoryByQuota",
  wire: "target",
  input: {
    type: "structure",
    members: {
      ServiceCode: { shape: serviceCode, required: true },
      QuotaCode: { shape: quotaCode, required: true },
      ...filters,
    },
  },
  rights: toAll("servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota"),
  notes: {
    served: "every request for one quota in the Region, by status, pages",
  },
  act(given, context, { region }) {
    const { code } = getRow(given.ServiceCode, given.QuotaCode);
    return list(given, context, region, (request) => request.quotaCode === code);
  },
});
