/** Service Quotas on the wire: awsJson 1.1. */

import { checkCaller } from "../iam/check-caller.ts";
import type { Quotas } from "../models/quotas.ts";
import { partitionOf } from "../partition.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { answerAwsJson, checkInput, type JsonOperation, readJsonRequest, targetOf } from "../wire/aws-json.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";
import { getAwsDefaultServiceQuota } from "./get-aws-default-service-quota.ts";
import { getRequestedServiceQuotaChange } from "./get-requested-service-quota-change.ts";
import { getServiceQuota } from "./get-service-quota.ts";
import { openIncreaseRequests } from "./increase-requests.ts";
import { listAwsDefaultServiceQuotas } from "./list-aws-default-service-quotas.ts";
import {
  listRequestedServiceQuotaChangeHistory,
  listRequestedServiceQuotaChangeHistoryByQuota,
} from "./list-requested-service-quota-change-history.ts";
import { listServiceQuotas } from "./list-service-quotas.ts";
import type { QuotasContext } from "./operation.ts";
import { requestServiceQuotaIncrease } from "./request-service-quota-increase.ts";

export const serviceQuotasOperations: readonly JsonOperation<QuotasContext>[] = [
  listServiceQuotas,
  getServiceQuota,
  listAwsDefaultServiceQuotas,
  getAwsDefaultServiceQuota,
  requestServiceQuotaIncrease,
  listRequestedServiceQuotaChangeHistory,
  listRequestedServiceQuotaChangeHistoryByQuota,
  getRequestedServiceQuotaChange,
];

/** The service's other operations: known, and not built. */
export const serviceQuotasNotBuilt: readonly string[] = [
  "AssociateServiceQuotaTemplate",
  "CreateSupportCase",
  "DeleteServiceQuotaIncreaseRequestFromTemplate",
  "DisassociateServiceQuotaTemplate",
  "GetAssociationForServiceQuotaTemplate",
  "GetAutoManagementConfiguration",
  "GetQuotaUtilizationReport",
  "GetServiceQuotaIncreaseRequestFromTemplate",
  "ListServiceQuotaIncreaseRequestsInTemplate",
  "ListServices",
  "ListTagsForResource",
  "PutServiceQuotaIncreaseRequestIntoTemplate",
  "StartAutoManagement",
  "StartQuotaUtilizationReport",
  "StopAutoManagement",
  "TagResource",
  "UntagResource",
  "UpdateAutoManagement",
];

const version = "1.1";

/** @param quotas shared with Bedrock, so that what is approved holds there */
export function makeServiceQuotasService(world: World, quotas: Quotas): LocalService {
  const opening = openIncreaseRequests(world, quotas).then((requests) => ({ world, quotas, requests }));
  opening.catch(() => undefined);
  return {
    signingName: "servicequotas",
    async handle(request) {
      const response = await answer(await opening, request);
      return { ...response, headers: { "x-amzn-requestid": request.requestId, ...response.headers } };
    },
  };
}

async function answer(context: QuotasContext, request: WireRequest): Promise<WireResponse> {
  const name = targetOf(request);
  const operation = serviceQuotasOperations.find((each) => each.name === name);
  try {
    if (operation === undefined) return answerNotServed(name);
    const input = checkInput(operation.input, await readJsonRequest(request), "ValidationException");
    checkCaller(context.world, request, {
      action: `servicequotas:${operation.name}`,
      resource: resourceOf(input, request),
    });
    return answerAwsJson(version, 200, await operation.act(input, context, request));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Every error of this service is a 400 (sources#wire-protocols).
    return answerAwsJson(version, 400, { __type: error.type, message: error.message });
  }
}

/** Only a request for more is a right to one quota; the right to read them is one to all ("*"). */
const resourceOf = (input: Readonly<Record<string, unknown>>, { region, caller }: WireRequest): string => {
  const { ServiceCode: service, QuotaCode: quota, DesiredValue: desired } = input;
  if (desired === undefined || typeof service !== "string" || typeof quota !== "string") return "*";
  return `arn:${partitionOf(region)}:servicequotas:${region}:${caller.accountId}:${service}/${quota}`;
};

const answerNotServed = (name: string | undefined): WireResponse =>
  name !== undefined && serviceQuotasNotBuilt.includes(name)
    ? answerAwsJson(version, 501, {
        __type: "NotImplementedException",
        message: `${name} is not built in the local service.`,
      })
    : answerAwsJson(version, 400, { __type: "UnknownOperationException" });
