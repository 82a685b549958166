/** GetServiceQuota: one batch quota as the account has it. */

import { toAll } from "../../operation.ts";
import { defineOperation, getRow, quotaCode, serviceCode } from "../operation.ts";
import { describeQuota } from "../quota-view.ts";

export const getServiceQuota = defineOperation({
  name: "GetServiceQuota",
  wire: "target",
  input: {
    type: "structure",
    members: {
      ServiceCode: { shape: serviceCode, required: true },
      QuotaCode: { shape: quotaCode, required: true },
      ContextId: { shape: { type: "string" } },
    },
  },
  rights: toAll("servicequotas:GetServiceQuota"),
  notes: {
    served: "one batch quota, with what was set or approved",
    notBuilt: "quotas of a resource (ContextId)",
  },
  act: (given, context, request) => ({
    Quota: describeQuota(getRow(given.ServiceCode, given.QuotaCode), context, request),
  }),
});
