/** The operations of Service Quotas. */
import { listOperations, nameOperations } from "../operation.ts";
import type { QuotasKind } from "./operation.ts";
import { getAwsDefaultServiceQuota } from "./operations/get-aws-default-service-quota.ts";
import { getRequestedServiceQuotaChange } from "./operations/get-requested-service-quota-change.ts";
import { getServiceQuota } from "./operations/get-service-quota.ts";
import { listAwsDefaultServiceQuotas } from "./operations/list-aws-default-service-quotas.ts";
import {
  listRequestedServiceQuotaChangeHistory,
  listRequestedServiceQuotaChangeHistoryByQuota,
} from "./operations/list-requested-service-quota-change-history.ts";
import { listServiceQuotas } from "./operations/list-service-quotas.ts";
import { requestServiceQuotaIncrease } from "./operations/request-service-quota-increase.ts";

export const serviceQuotasOperations = listOperations<QuotasKind>({
  service: "Service Quotas",
  signingName: "servicequotas",
  protocol: "awsJson1.1",
  operations: [
    listServiceQuotas,
    getServiceQuota,
    listAwsDefaultServiceQuotas,
    getAwsDefaultServiceQuota,
    requestServiceQuotaIncrease,
    listRequestedServiceQuotaChangeHistory,
    listRequestedServiceQuotaChangeHistoryByQuota,
    getRequestedServiceQuotaChange,
  ],
  all: nameOperations(
    "target",
    `
    AssociateServiceQuotaTemplate CreateSupportCase DeleteServiceQuotaIncreaseRequestFromTemplate
    DisassociateServiceQuotaTemplate GetAssociationForServiceQuotaTemplate GetAutoManagementConfiguration
    GetQuotaUtilizationReport GetServiceQuotaIncreaseRequestFromTemplate
    ListServiceQuotaIncreaseRequestsInTemplate ListServices ListTagsForResource
    PutServiceQuotaIncreaseRequestIntoTemplate StartAutoManagement StartQuotaUtilizationReport
    StopAutoManagement TagResource UntagResource UpdateAutoManagement
  `,
  ),
});
