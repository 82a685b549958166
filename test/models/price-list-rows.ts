/** Data: rows of the AWS Price List for us-east-1, in the shape and the spellings of sources#prices (public price
 * files of 2026-07-27 and 2026-09-22). Prices are those of §5, but for Claude Haiku 4.5 and Qwen3 32B, which are made
 * up so that a reading can be told from the catalogue.
 */
export interface PriceRow {
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly usd: string;
  readonly effectiveDate?: string;
}

let rowNumber = 0;

/** The JSON text of a product, as `PriceList` has it. */
export function makeProduct({ attributes, unit, usd, effectiveDate = "2026-11-01T00:00:00Z" }: PriceRow): string {
  rowNumber += 1;
  const sku = `SKU${String(rowNumber).padStart(12, "0")}`;
  const term = `${sku}.JRTCKXETXF`;
  const rate = `${term}.6YS6EN2CT7`;
  return JSON.stringify({
    product: {
      productFamily: "Amazon Bedrock",
      attributes: {
        regionCode: "us-east-1",
        location: "US East (N. Virginia)",
        locationType: "AWS Region",
        ...attributes,
      },
      sku,
    },
    serviceCode: attributes["usagetype"]?.includes("-MP:") === true ? "AmazonBedrockFoundationModels" : "AmazonBedrock",
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: {
            [rate]: {
              unit,
              endRange: "Inf",
              description: `$${usd} per ${unit}`,
              appliesTo: [],
              rateCode: rate,
              beginRange: "0",
              pricePerUnit: { USD: usd },
            },
          },
          sku,
          effectiveDate,
          offerTermCode: "JRTCKXETXF",
          termAttributes: {},
        },
      },
    },
    version: "20261101000000",
    publicationDate: "2026-11-01T00:00:00Z",
  });
}

/** A row of a first-party or open model, by the thousand tokens. */
export const first = (usagetype: string, usd: string, more: Readonly<Record<string, string>> = {}): PriceRow => ({
  attributes: { servicename: "Amazon Bedrock", usagetype, ...more },
  unit: "1K tokens",
  usd,
});

/** A row of a model that is billed through the Marketplace, by the million tokens. */
export const marketplace = (name: string, dimension: string, usd: string): PriceRow => ({
  attributes: { servicename: `${name} (Amazon Bedrock Edition)`, usagetype: `USE1-MP:USE1_${dimension}-Units` },
  unit: "1M tokens",
  usd,
});

const haiku = "Claude Haiku 4.5";
const opus = "Claude Opus 5";
const qwen = { model: "Qwen3 32B", provider: "Qwen" };
const batch = { feature: "Batch Inference" };
const onDemand = { feature: "On-demand Inference" };

/** Every spelling of §5.1 that is a price of tokens. */
export const tokenRows: readonly PriceRow[] = [
  marketplace(haiku, "InputTokenCount", "1.2000000000"),
  marketplace(haiku, "OutputTokenCount", "6.0000000000"),
  marketplace(haiku, "InputTokenCount_Batch", "0.6000000000"),
  marketplace(haiku, "OutputTokenCount_Batch", "3.0000000000"),
  marketplace(haiku, "InputTokenCount_Global", "1.0000000000"),
  marketplace(haiku, "OutputTokenCount_Global", "5.0000000000"),
  marketplace(haiku, "InputTokenCount_Global_Batch", "0.5000000000"),
  marketplace(haiku, "OutputTokenCount_Global_Batch", "2.5000000000"),
  marketplace(opus, "input_tokens_standard", "5.5000000000"),
  marketplace(opus, "output_tokens_standard", "27.5000000000"),
  marketplace(opus, "input_tokens_batch", "2.7500000000"),
  marketplace(opus, "output_tokens_batch", "13.7500000000"),
  marketplace(opus, "input_tokens_global_standard", "5.0000000000"),
  marketplace(opus, "output_tokens_global_standard", "25.0000000000"),
  marketplace(opus, "input_tokens_global_batch", "2.5000000000"),
  marketplace(opus, "output_tokens_global_batch", "12.5000000000"),
  first("USE1-Qwen3-32B-input-tokens", "0.0001600000", { ...qwen, ...onDemand, inferenceType: "Input tokens" }),
  first("USE1-Qwen3-32B-output-tokens", "0.0006400000", { ...qwen, ...onDemand, inferenceType: "Output tokens" }),
  first("USE1-Qwen3-32B-input-tokens-batch", "0.0000800000", { ...qwen, ...batch, inferenceType: "Input tokens" }),
  first("USE1-Qwen3-32B-output-tokens-batch", "0.0003200000", { ...qwen, ...batch, inferenceType: "Output tokens" }),
  first("USE1-Nova2.0Lite-input-tokens", "0.0003300000", { model: "Nova 2.0 Lite", ...onDemand }),
  first("USE1-Nova2.0Lite-output-tokens", "0.0027500000", { model: "Nova 2.0 Lite", ...onDemand }),
  first("USE1-Nova2.0Lite-input-tokens-cross-region-global", "0.0003000000", { model: "Nova 2.0 Lite" }),
  first("USE1-Nova2.0Lite-output-tokens-cross-region-global", "0.0025000000", { model: "Nova 2.0 Lite" }),
  first("USE1-Nova2.0Lite-input-tokens-cross-region-global-batch", "0.0001500000", { model: "Nova 2.0 Lite" }),
  first("USE1-Nova2.0Lite-output-tokens-cross-region-global-batch", "0.0012500000", { model: "Nova 2.0 Lite" }),
  first("USE1-TitanEmbeddingV2-Text-input-tokens", "0.0000200000", onDemand),
  first("USE1-TitanEmbeddingV2-Text-input-tokens-batch", "0.0000100000", batch),
  // Only the other endpoint's rows: they are all there is.
  first("USE1-openai.gpt-oss-20b-mantle-input-tokens-standard", "0.0000700000", { service_tier: "standard" }),
  first("USE1-openai.gpt-oss-20b-mantle-output-tokens-standard", "0.0003000000", { service_tier: "standard" }),
];

/** Rows of other things: none of these is a price of ours. */
export const otherRows: readonly PriceRow[] = [
  first("USE1-qwen.qwen3-32b-mantle-input-tokens-batch", "0.0000800000", { ...qwen, service_tier: "batch" }),
  first("USE1-Qwen3-32B-input-tokens-flex", "0.0000800000", qwen),
  first("USE1-Qwen3-32B-input-tokens-priority", "0.0002800000", qwen),
  first("USE1-Qwen3-32B-input-tokens-custom-model", "0.0002800000", qwen),
  first("USE1-NovaPro-output-tokens-latency-optimized", "0.0040000000", { model: "Nova Pro Latency Optimized" }),
  first("USE1-Nova2.0Lite-cache-read-input-token-count", "0.0000825000", { model: "Nova 2.0 Lite" }),
  first("USE1-Qwen3-32B-input-tokens-standard", "0.0009000000", { ...qwen, service_tier: "priority" }),
  { attributes: { usagetype: "USE1-NovaCanvas-T2I-1024-Standard", model: "Nova Canvas" }, unit: "image", usd: "0.04" },
  marketplace(haiku, "CacheReadInputTokenCount", "0.1100000000"),
  marketplace(haiku, "CacheWrite1hInputTokenCount_Global", "2.0000000000"),
  marketplace(haiku, "InputTokenCount_LatencyOptimized", "2.0000000000"),
  marketplace(haiku, "Reserved_1Month_InputTPM_Geo", "0.0660000000"),
  marketplace(haiku, "ProvisionedThroughput_1MonthCommit_ModelUnits_Usage", "158.4"),
  marketplace(opus, "cache_write_tokens_1h_global_standard", "10.0000000000"),
  marketplace(opus, "input_tokens_long_ctx_standard", "11.0000000000"),
  marketplace(opus, "search_units", "2.0000000000"),
];

/** Rows that look like a price of ours and cannot be taken, each with the reason. */
export const oddRows: readonly (readonly [reason: string, row: PriceRow])[] = [
  ["model", marketplace("Claude Haiku 9", "InputTokenCount_Batch", "0.1")],
  ["model", first("USE1-Llama3-3-70B-input-tokens", "0.0001", { model: "Llama 3.1 8B" })],
  ["spelling", first("USE1-Qwen3-32B-input-tokens-evening", "0.0001", qwen)],
  ["spelling", first("USE1-GLM-4.7-input-tokens", "0.0001", { model: "GLM 4.7", ...batch })],
  ["spelling", marketplace(opus, "MillionBatchInputTokens", "2.5")],
  ["unit", { ...first("USE1-GLM-4.7-input-tokens", "0.0001", { model: "GLM 4.7" }), unit: "tokens" }],
  ["price", first("USE1-GLM-4.7-output-tokens", "0.0000000000", { model: "GLM 4.7" })],
  ["price", { ...first("USE1-NovaMicro-input-tokens", "0.0001"), effectiveDate: "2027-01-01T00:00:00Z" }],
  ["rows disagree", first("USE1-NovaLite-input-tokens", "0.0001", { model: "Nova Lite" })],
  ["rows disagree", first("USE1-NovaLite-input-tokens", "0.0002", { model: "Nova Lite" })],
];
