import { paginateListServiceQuotas, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { type Connection, makeClientOptions } from "./connection.ts";
import { calling } from "./wrap-error.ts";

export interface AppliedQuota {
  readonly name: string;
  readonly value: number;
}

/** The account's applied quotas of Bedrock: more than a thousand, about batch and everything else. */
export async function readBedrockQuotas(connection: Connection): Promise<readonly AppliedQuota[]> {
  return calling("Service Quotas", "ListServiceQuotas", async () => {
    const client = new ServiceQuotasClient(makeClientOptions(connection));
    try {
      const quotas: AppliedQuota[] = [];
      for await (const page of paginateListServiceQuotas({ client, pageSize: 100 }, { ServiceCode: "bedrock" })) {
        for (const { QuotaName: name, Value: value } of page.Quotas ?? []) {
          if (name !== undefined && value !== undefined) quotas.push({ name, value });
        }
      }
      return quotas;
    } finally {
      client.destroy();
    }
  });
}
