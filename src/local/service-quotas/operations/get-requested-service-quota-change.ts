/** GetRequestedServiceQuotaChange: one request to raise a quota. */

import { toAll } from "../../operation.ts";
import { Refusal } from "../../wire/refusal.ts";
import { defineOperation } from "../operation.ts";
import { describeRequest } from "../quota-view.ts";

export const getRequestedServiceQuotaChange = defineOperation({
  name: "GetRequestedServiceQuotaChange",
  wire: "target",
  input: {
    type: "structure",
    members: {
      RequestId: {
        shape: { type: "string", min: 1, max: 128, pattern: "[0-9a-zA-Z][a-zA-Z0-9-]{1,128}" },
        required: true,
      },
    },
  },
  rights: toAll("servicequotas:GetRequestedServiceQuotaChange"),
  notes: {
    served: "one request, PENDING or APPROVED",
  },
  act({ RequestId: id }, context) {
    const request = context.requests.list.find((each) => each.id === id);
    // Words unconfirmed.
    if (request === undefined)
      throw new Refusal("NoSuchResourceException", "The request failed because the specified request does not exist.");
    return { RequestedQuota: describeRequest(request, context) };
  },
});
