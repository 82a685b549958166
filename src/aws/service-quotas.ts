import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** A quota of the account and its value. */
export interface AppliedQuota {
  readonly name: string;
  readonly value: number;
  /** `L-63020993`; what a request for more names. */
  readonly code: string;
  /** Whether the account may ask for more. */
  readonly isAdjustable: boolean;
}

/** A request for more that is not decided yet. */
export interface QuotaRequest {
  readonly code: string;
  readonly desiredValue: number;
  /** `PENDING` or `CASE_OPENED`. */
  readonly status: string;
}

/** The account's applied quotas of Bedrock: more than a thousand, about batch and everything else. */
export async function readBedrockQuotas(connection: Connection): Promise<readonly AppliedQuota[]> {
  return calling("Service Quotas", "ListServiceQuotas", async () => {
    const client = new sdk.serviceQuotas.ServiceQuotasClient(makeClientOptions(connection));
    try {
      const quotas: AppliedQuota[] = [];
      for await (const page of sdk.serviceQuotas.paginateListServiceQuotas(
        { client, pageSize: 100 },
        { ServiceCode: "bedrock" },
      )) {
        for (const { QuotaName: name, Value: value, QuotaCode: code = "", Adjustable } of page.Quotas ?? []) {
          if (name !== undefined && value !== undefined)
            quotas.push({ name, value, code, isAdjustable: Adjustable === true });
        }
      }
      return quotas;
    } finally {
      client.destroy();
    }
  });
}

/** The account's requests for more of Bedrock that are under way. @throws SERVICE_REFUSED */
export async function readQuotaRequests(connection: Connection): Promise<readonly QuotaRequest[]> {
  return calling("Service Quotas", "ListRequestedServiceQuotaChangeHistory", async () => {
    const client = new sdk.serviceQuotas.ServiceQuotasClient(makeClientOptions(connection));
    try {
      const found: QuotaRequest[] = [];
      const pages = sdk.serviceQuotas.paginateListRequestedServiceQuotaChangeHistory(
        { client, pageSize: 100 },
        { ServiceCode: "bedrock" },
      );
      for await (const { RequestedQuotas: requests = [] } of pages) {
        for (const { QuotaCode: code = "", DesiredValue: desiredValue = 0, Status: status = "" } of requests)
          if (/^(PENDING|CASE_OPENED)$/.test(status)) found.push({ code, desiredValue, status });
      }
      return found;
    } finally {
      client.destroy();
    }
  });
}
