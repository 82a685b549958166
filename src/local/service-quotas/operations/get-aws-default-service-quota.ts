/** GetAWSDefaultServiceQuota: one batch quota as AWS gives it at first. */

import { toAll } from "../../operation.ts";
import { defineOperation, getRow, quotaCode, serviceCode } from "../operation.ts";
import { describeDefault } from "../quota-view.ts";

export const getAwsDefaultServiceQuota = defineOperation({
  name: "GetAWSDefaultServiceQuota",
  wire: "target",
  input: {
    type: "structure",
    members: { ServiceCode: { shape: serviceCode, required: true }, QuotaCode: { shape: quotaCode, required: true } },
  },
  rights: toAll("servicequotas:GetAWSDefaultServiceQuota"),
  notes: {
    served: "one batch quota at its default",
  },
  act: (given, _context, request) => ({ Quota: describeDefault(getRow(given.ServiceCode, given.QuotaCode), request) }),
});
