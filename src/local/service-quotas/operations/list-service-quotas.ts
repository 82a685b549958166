/** ListServiceQuotas: the batch quotas as the account has them. */

import { toAll } from "../../operation.ts";
import {
  appliedAtLevel,
  checkService,
  cutRows,
  defineOperation,
  maxResults,
  nextToken,
  quotaCode,
  serviceCode,
} from "../operation.ts";
import { quotaRows } from "../quota-rows.ts";
import { describeQuota } from "../quota-view.ts";

export const listServiceQuotas = defineOperation({
  name: "ListServiceQuotas",
  wire: "target",
  input: {
    type: "structure",
    members: {
      ServiceCode: { shape: serviceCode, required: true },
      NextToken: { shape: nextToken },
      MaxResults: { shape: maxResults },
      QuotaCode: { shape: quotaCode },
      QuotaAppliedAtLevel: { shape: appliedAtLevel },
    },
  },
  rights: toAll("servicequotas:ListServiceQuotas"),
  notes: {
    served: "every batch quota of Bedrock, with what was set or approved; pages of up to 100",
    notBuilt: "Bedrock's other quotas, and those of other services",
  },
  act(given, context, request) {
    checkService(given.ServiceCode);
    const rows =
      given.QuotaAppliedAtLevel === "RESOURCE"
        ? []
        : quotaRows.filter((row) => given.QuotaCode === undefined || row.code === given.QuotaCode);
    const page = cutRows(rows, given.NextToken, given.MaxResults ?? 100);
    return { Quotas: page.rows.map((row) => describeQuota(row, context, request)), NextToken: page.token };
  },
});
