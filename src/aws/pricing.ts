import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/**
 * The offers that have prices of tokens: first-party and open models; models that are billed through the Marketplace.
 * `AmazonBedrockService` is left out: sources disagree whether it has such prices at all (2026-11).
 */
const serviceCodes = ["AmazonBedrock", "AmazonBedrockFoundationModels"] as const;

/** The largest that the operation takes. */
const pageSize = 100;

/**
 * Every product of Bedrock in a region, each the JSON text that the Price List has it as.
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 * @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
export async function readPriceList(connection: Connection, region: string): Promise<readonly string[]> {
  return calling("Price List", "GetProducts", async () => {
    const client = new sdk.pricing.PricingClient(
      makeClientOptions({ ...connection, region: findPricingRegion(region) }),
    );
    try {
      const rows: string[] = [];
      for (const ServiceCode of serviceCodes) {
        const Filters = [{ Type: "TERM_MATCH" as const, Field: "regionCode", Value: region }];
        const pages = sdk.pricing.paginateGetProducts(
          { client, pageSize },
          { ServiceCode, Filters, FormatVersion: "aws_v1" },
        );
        // The SDK marks each text as JSON to be read lazily: an object of String's.
        for await (const { PriceList } of pages) rows.push(...(PriceList ?? []).map(String));
      }
      return rows;
    } finally {
      client.destroy();
    }
  });
}

/**
 * The Price List answers in three regions for all of them; the nearest is taken. That credentials of the government's
 * regions or of China's are taken there is `unconfirmed`.
 */
function findPricingRegion(region: string): string {
  if (/^(eu|il|af)-/.test(region)) return "eu-central-1";
  return /^(ap|me)-/.test(region) ? "ap-south-1" : "us-east-1";
}
