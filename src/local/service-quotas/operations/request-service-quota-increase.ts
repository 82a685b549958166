/** RequestServiceQuotaIncrease: asks for more of an adjustable quota. */

import { makeMixedId } from "../../models/seed.ts";
import { Refusal } from "../../wire/refusal.ts";
import { defineOperation, getRow, quotaCode, serviceCode } from "../operation.ts";
import { describeQuota, describeRequest } from "../quota-view.ts";
import { toQuota } from "../rights.ts";

// Types as the API's model has them, words unconfirmed.
const words = {
  fixed: "The request failed because the specified quota is not adjustable.",
  notMore: "You must provide a quota value greater than the current quota value.",
  open: "Only one open service quota increase request is allowed per quota.",
} as const;

export const requestServiceQuotaIncrease = defineOperation({
  name: "RequestServiceQuotaIncrease",
  wire: "target",
  input: {
    type: "structure",
    members: {
      ServiceCode: { shape: serviceCode, required: true },
      QuotaCode: { shape: quotaCode, required: true },
      DesiredValue: { shape: { type: "number", min: 0, max: 10_000_000_000 }, required: true },
      ContextId: { shape: { type: "string" } },
      SupportCaseAllowed: { shape: { type: "boolean" } },
    },
  },
  rights: toQuota("servicequotas:RequestServiceQuotaIncrease"),
  notes: {
    served: "a request is PENDING for 15 minutes of the service's time, then APPROVED, and its value holds",
    differs: "AWS may take days, open a case or refuse; no case is opened here",
  },
  async act(given, context, request) {
    const { requests, world } = context;
    const row = getRow(given.ServiceCode, given.QuotaCode);
    if (!row.isAdjustable) throw new Refusal("InvalidResourceStateException", words.fixed);
    if (given.DesiredValue <= Number(describeQuota(row, context, request)["Value"])) {
      throw new Refusal("IllegalArgumentException", words.notMore);
    }
    const isOpen = requests.list.some(
      (other) => other.quotaCode === row.code && other.region === request.region && !requests.isApproved(other),
    );
    if (isOpen) throw new Refusal("ResourceAlreadyExistsException", words.open);
    const made = await requests.add({
      id: makeMixedId(32, world.random),
      region: request.region,
      quotaCode: row.code,
      desiredValue: given.DesiredValue,
      createdAtMs: world.clock.nowMs(),
      requester: JSON.stringify({ accountId: request.caller.accountId, callerArn: request.caller.arn }),
    });
    return { RequestedQuota: describeRequest(made, context) };
  },
});
