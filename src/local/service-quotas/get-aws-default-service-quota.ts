/** GetAWSDefaultServiceQuota: one batch quota as AWS gives it at first. */
import { defineQuotasOperation, getRow, quotaCode, serviceCode } from "./operation.ts";
import { describeDefault } from "./quota-view.ts";

export const getAwsDefaultServiceQuota = defineQuotasOperation({
  name: "GetAWSDefaultServiceQuota",
  input: {
    type: "structure",
    members: { ServiceCode: { shape: serviceCode, required: true }, QuotaCode: { shape: quotaCode, required: true } },
  },
  served: "one batch quota at its default",
  act: (given, _context, request) => ({ Quota: describeDefault(getRow(given.ServiceCode, given.QuotaCode), request) }),
});
