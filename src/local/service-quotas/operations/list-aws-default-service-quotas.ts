/** ListAWSDefaultServiceQuotas: the batch quotas as AWS gives them at first. */

import { toAll } from "../../operation.ts";
import { checkService, cutRows, defineOperation, maxResults, nextToken, serviceCode } from "../operation.ts";
import { quotaRows } from "../quota-rows.ts";
import { describeDefault } from "../quota-view.ts";

export const listAwsDefaultServiceQuotas = defineOperation({
  name: "ListAWSDefaultServiceQuotas",
  wire: "target",
  input: {
    type: "structure",
    members: {
      ServiceCode: { shape: serviceCode, required: true },
      NextToken: { shape: nextToken },
      MaxResults: { shape: maxResults },
    },
  },
  rights: toAll("servicequotas:ListAWSDefaultServiceQuotas"),
  notes: {
    served: "every batch quota of Bedrock at its default; pages of up to 100",
    notBuilt: "Bedrock's other quotas, and those of other services",
  },
  act(given, _context, request) {
    checkService(given.ServiceCode);
    const page = cutRows(quotaRows, given.NextToken, given.MaxResults ?? 100);
    return { Quotas: page.rows.map((row) => describeDefault(row, request)), NextToken: page.token };
  },
});
