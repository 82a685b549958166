/** Quotas and requests as Service Quotas writes them. */
import { partitionOf } from "../partition.ts";
import type { WireRequest } from "../service.ts";
import type { IncreaseRequest } from "./increase-requests.ts";
import type { QuotasContext } from "./operation.ts";
import { findRow, type QuotaRow } from "./quota-rows.ts";

const service = { ServiceCode: "bedrock", ServiceName: "Amazon Bedrock" } as const;

const describe = (row: QuotaRow, quotaArn: string, value: number): Record<string, unknown> => ({
  ...service,
  QuotaArn: quotaArn,
  QuotaCode: row.code,
  QuotaName: row.name,
  Value: value,
  Unit: "None",
  Adjustable: row.isAdjustable,
  GlobalQuota: false,
  QuotaAppliedAtLevel: "ACCOUNT",
});

/** A quota as the account has it in the Region. */
export function describeQuota(
  row: QuotaRow,
  { world, quotas }: QuotasContext,
  { region }: WireRequest,
): Record<string, unknown> {
  const value = row.limits === undefined ? row.defaultValue : quotas.get(row.limits.kind, row.limits.model, region);
  return describe(
    row,
    `arn:${partitionOf(region)}:servicequotas:${region}:${world.accountId}:bedrock/${row.code}`,
    value,
  );
}

/** A quota as AWS gives it at first. */
export const describeDefault = (row: QuotaRow, { region }: WireRequest): Record<string, unknown> =>
  describe(row, `arn:${partitionOf(region)}:servicequotas:${region}::bedrock/${row.code}`, row.defaultValue);

/** A request to raise a quota. */
export function describeRequest(request: IncreaseRequest, { world, requests }: QuotasContext): Record<string, unknown> {
  const isApproved = requests.isApproved(request);
  return {
    ...service,
    Id: request.id,
    QuotaCode: request.quotaCode,
    QuotaName: findRow(request.quotaCode)?.name,
    DesiredValue: request.desiredValue,
    Status: isApproved ? "APPROVED" : "PENDING",
    Created: new Date(request.createdAtMs),
    LastUpdated: new Date(isApproved ? request.approvedAtMs : request.createdAtMs),
    Requester: request.requester,
    QuotaArn: `arn:${partitionOf(request.region)}:servicequotas:${request.region}:${world.accountId}:bedrock/${request.quotaCode}`,
    GlobalQuota: false,
    Unit: "None",
    QuotaRequestedAtLevel: "ACCOUNT",
  };
}
