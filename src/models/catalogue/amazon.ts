/** Data: Amazon's models. Facts: pages of batch models and prices, read 2026-11-21; all their cards, read 2026-11-30. */
import { type CatalogueEntry, price, priceSources } from "../catalogue-model.ts";
import { regionSets as sets } from "./regions.ts";

const nova = {
  family: "amazon-nova",
  batch: "yes",
  regions: [],
  profileRegions: [],
  structuredUnsupported: true,
  priced: priceSources.page,
} as const satisfies Partial<CatalogueEntry>;

const embedding = { batch: "yes", profileRegions: [] } as const satisfies Partial<CatalogueEntry>;

/** Models of Amazon. */
export const amazonModels: readonly CatalogueEntry[] = [
  {
    ...nova,
    alias: "nova-2-lite",
    label: "Nova 2 Lite",
    id: "amazon.nova-2-lite-v1:0",
    profileRegions: sets.nova2Lite,
    // One account was billed 1.3255 for output (2026-08); the page's higher figure stands, so that no plan is too low.
    geoPrices: { batch: price(0.1595, 1.342), onDemand: price(0.33, 2.75) },
    globalPrices: { batch: price(0.15, 1.25), onDemand: price(0.3, 2.5) },
    contextTokens: 1_000_000,
    maxOutputTokens: 65_535,
  },
  {
    ...nova,
    alias: "nova-micro",
    label: "Nova Micro",
    quotaLabel: "Nova Micro V1",
    id: "amazon.nova-micro-v1:0",
    regions: ["us-east-1", "us-gov-west-1"],
    profileRegions: sets.novaMicro,
    geoPrices: { batch: price(0.0175, 0.07), onDemand: price(0.035, 0.14) },
    contextTokens: 128_000,
    // "The maximum tokens you requested exceeds the model limit of 10000" (2026-08), whatever its card says.
    maxOutputTokens: 10_000,
  },
  {
    ...nova,
    alias: "nova-lite",
    label: "Nova Lite",
    quotaLabel: "Nova Lite V1",
    id: "amazon.nova-lite-v1:0",
    regions: ["me-central-1", "us-east-1", "us-gov-west-1"],
    profileRegions: sets.novaLite,
    geoPrices: { batch: price(0.03, 0.12), onDemand: price(0.06, 0.24) },
    contextTokens: 300_000,
    maxOutputTokens: 10_000,
  },
  {
    ...nova,
    alias: "nova-pro",
    label: "Nova Pro",
    quotaLabel: "Nova Pro V1",
    id: "amazon.nova-pro-v1:0",
    regions: ["ap-southeast-3", "me-central-1", "us-east-1", "us-gov-west-1"],
    profileRegions: sets.novaPro,
    geoPrices: { batch: price(0.4, 1.6), onDemand: price(0.8, 3.2) },
    contextTokens: 300_000,
    maxOutputTokens: 10_000,
  },
  {
    ...nova,
    alias: "nova-premier",
    label: "Nova Premier",
    quotaLabel: "Amazon Nova Premier",
    id: "amazon.nova-premier-v1:0",
    profileRegions: sets.us3,
    geoPrices: { batch: price(1.25, 6.25), onDemand: price(2.5, 12.5) },
    contextTokens: 1_000_000,
    // https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-amazon-nova-premier.html, read 2026-11-30.
    maxOutputTokens: 25_000,
    endOfLife: "2026-09-14",
    // Amazon names no successor: the newest of the make, `unconfirmed`.
    successor: "nova-2-lite",
  },
  {
    ...embedding,
    alias: "titan-embed-text-v2",
    label: "Titan Text Embeddings V2",
    id: "amazon.titan-embed-text-v2:0",
    family: "titan-text-embeddings",
    regions: [
      ...["ap-northeast-1", "ap-northeast-2", "ca-central-1", "eu-central-1", "eu-central-2", "eu-north-1"],
      ...["eu-south-1", "eu-south-2", "eu-west-2", "sa-east-1", "us-east-1", "us-west-2"],
    ],
    // The page lists no batch price of it.
    geoPrices: { onDemand: price(0.02, 0) },
    priced: priceSources.page,
    contextTokens: 8192,
  },
  {
    ...embedding,
    alias: "nova-embed",
    label: "Nova Multimodal Embeddings",
    quotaLabel: "Amazon Nova 2 Multimodal Embeddings V1",
    id: "amazon.nova-2-multimodal-embeddings-v1:0",
    family: "nova-embeddings",
    regions: ["us-east-1"],
    // Of text; images, sound and video are priced apart.
    geoPrices: { batch: price(0.0675, 0), onDemand: price(0.135, 0) },
    priced: priceSources.page,
  },
  {
    ...embedding,
    alias: "titan-embed-image",
    label: "Titan Multimodal Embeddings G1",
    id: "amazon.titan-embed-image-v1",
    family: "titan-multimodal-embeddings",
    regions: [
      ...["ap-south-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
      ...["sa-east-1", "us-east-1", "us-west-2"],
    ],
    // Of text; an image costs 0.00006 more each. No page lists it in batch. LiteLLM's price file has both: `unconfirmed`.
    geoPrices: { onDemand: price(0.8, 0) },
    priced: priceSources.public,
  },
  {
    ...embedding,
    batch: "no",
    alias: "titan-embed-text-v1",
    label: "Titan Text Embeddings G1",
    id: "amazon.titan-embed-text-v1",
    family: "titan-text-embeddings",
    regions: [],
    contextTokens: 8192,
    successor: "titan-embed-text-v2",
  },
];
