/** Data: Claude models, newest first. Facts: pages of batch models, lifecycle, prices, read 2026-11-21; cards, read 2026-11-30. */
import { type CatalogueEntry, price, priceSources } from "../catalogue-model.ts";
import { regionSets as sets } from "./regions.ts";

const claude = {
  family: "anthropic-messages",
  batch: "yes",
  regions: [],
  profileRegions: [],
  contextTokens: 200_000,
} as const;

/**
 * Still in the table of batch models, but gone from the page of lifecycles: most likely at their end. Their regions are of
 * https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html, read 2026-11-30.
 */
const old = {
  ...claude,
  isRetiring: true,
  priced: priceSources.page,
} as const satisfies Partial<CatalogueEntry>;

/** Refused with "Batch inference is not supported for the requested model." (2026-08), or without a batch price and unlisted. */
const noBatch = { ...claude, batch: "no", contextTokens: 1_000_000 } as const;

/**
 * Opus 4.7 and all later ones: the cards say "Structured outputs: not supported" (Opus 5, Opus 5.5, Sonnet 5.5, Haiku 5.5, read
 * 2026-11-30) and sampling parameters are refused as deprecated (Opus 4.7, 4.8 and Sonnet 5: vercel/ai issue 19988, 2026-08).
 */
const late = {
  refuses: ["temperature", "top_p", "top_k", "prefill"],
  structuredRefused: "2026-08",
  maxOutputTokens: 128_000,
} as const satisfies Partial<CatalogueEntry>;

const haiku: readonly CatalogueEntry[] = [
  {
    ...claude,
    alias: "claude-haiku-4.5",
    label: "Claude Haiku 4.5",
    id: "anthropic.claude-haiku-4-5-20251001-v1:0",
    profileRegions: sets.c23,
    geoPrices: { batch: price(0.55, 2.75), onDemand: price(1.1, 5.5) },
    globalPrices: { batch: price(0.5, 2.5), onDemand: price(1, 5) },
    priced: priceSources.page,
    maxOutputTokens: 64_000,
    // 500 of 500 records of one job refused with these words, 2026-08.
    refuses: ["temperature+top_p"],
    newer: "claude-haiku-5.5",
    // Its card says that structured outputs are supported; calls have been refused since (vercel/ai issue 19988, 2026-08).
    structuredRefused: "2026-08",
  },
  {
    ...old,
    alias: "claude-3.5-haiku",
    label: "Claude 3.5 Haiku",
    id: "anthropic.claude-3-5-haiku-20241022-v1:0",
    regions: ["us-west-2"],
    profileRegions: ["us-east-1"],
    maxOutputTokens: 8192,
    // https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-3-5-haiku.html, read 2026-11-30.
    endOfLife: "2026-06-19",
    successor: "claude-haiku-4.5",
  },
  {
    ...old,
    alias: "claude-3-haiku",
    label: "Claude 3 Haiku",
    id: "anthropic.claude-3-haiku-20240307-v1:0",
    regions: [
      ...["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"],
      ...["eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-west-2"],
    ],
    geoPrices: { batch: price(0.125, 0.625), onDemand: price(0.25, 1.25) },
    maxOutputTokens: 4096,
    endOfLife: "2026-09-10",
    successor: "claude-haiku-4.5",
  },
];

const sonnet: readonly CatalogueEntry[] = [
  {
    ...claude,
    alias: "claude-sonnet-4.6",
    label: "Claude Sonnet 4.6",
    id: "anthropic.claude-sonnet-4-6",
    regions: ["eu-west-2"],
    profileRegions: sets.c32,
    geoPrices: { batch: price(1.65, 8.25), onDemand: price(3.3, 16.5) },
    globalPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    priced: priceSources.page,
    contextTokens: 1_000_000,
    maxOutputTokens: 64_000,
    // Both at once: reported of Haiku 4.5, and taken to hold for every Claude since 4.5, `unconfirmed`.
    refuses: ["temperature+top_p", "prefill"],
  },
  {
    ...claude,
    alias: "claude-sonnet-4.5",
    label: "Claude Sonnet 4.5",
    id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    profileRegions: sets.claudeSonnet45,
    geoPrices: { batch: price(1.65, 8.25), onDemand: price(3.3, 16.5) },
    globalPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    priced: priceSources.page,
    maxOutputTokens: 64_000,
    refuses: ["temperature+top_p"],
  },
  {
    ...claude,
    alias: "claude-sonnet-4",
    label: "Claude Sonnet 4",
    id: "anthropic.claude-sonnet-4-20250514-v1:0",
    profileRegions: sets.claudeSonnet4,
    geoPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    globalPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    priced: priceSources.page,
    maxOutputTokens: 64_000,
    endOfLife: "2026-10-14",
    successor: "claude-sonnet-4.6",
  },
  {
    ...old,
    alias: "claude-3.7-sonnet",
    label: "Claude 3.7 Sonnet",
    id: "anthropic.claude-3-7-sonnet-20250219-v1:0",
    profileRegions: sets.claudeSonnet37,
    geoPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    maxOutputTokens: 64_000,
    successor: "claude-sonnet-4.6",
  },
  {
    ...old,
    alias: "claude-3.5-sonnet-v2",
    label: "Claude 3.5 Sonnet v2",
    id: "anthropic.claude-3-5-sonnet-20241022-v2:0",
    regions: ["us-west-2"],
    profileRegions: sets.claudeSonnet35v2,
    // In extended access since 2025-12-01, at twice the price.
    geoPrices: { batch: price(3, 15), onDemand: price(6, 30) },
    maxOutputTokens: 8192,
    successor: "claude-sonnet-4.6",
  },
  {
    ...old,
    alias: "claude-3.5-sonnet",
    label: "Claude 3.5 Sonnet",
    id: "anthropic.claude-3-5-sonnet-20240620-v1:0",
    regions: sets.claudeSonnet35Itself,
    profileRegions: sets.claudeSonnet3,
    geoPrices: { batch: price(3, 15), onDemand: price(6, 30) },
    maxOutputTokens: 8192,
    successor: "claude-sonnet-4.6",
  },
  {
    ...old,
    alias: "claude-3-sonnet",
    label: "Claude 3 Sonnet",
    id: "anthropic.claude-3-sonnet-20240229-v1:0",
    regions: sets.claudeSonnet3Itself,
    profileRegions: sets.claudeSonnet3,
    maxOutputTokens: 4096,
    successor: "claude-sonnet-4.6",
  },
];

const opus: readonly CatalogueEntry[] = [
  {
    ...claude,
    alias: "claude-opus-5",
    label: "Claude Opus 5",
    id: "anthropic.claude-opus-5",
    profileRegions: sets.c33,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    priced: priceSources.priceList,
    contextTokens: 1_000_000,
    // "`temperature` is deprecated for this model", and the same for `top_p`, 2026-08.
    ...late,
    // Adaptive thinking is on by itself, and billed as output (2026-08).
    reasons: true,
  },
  {
    ...claude,
    alias: "claude-opus-4.6",
    label: "Claude Opus 4.6",
    id: "anthropic.claude-opus-4-6-v1",
    profileRegions: sets.c32,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    priced: priceSources.page,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    refuses: ["temperature+top_p", "prefill"],
  },
  {
    ...claude,
    alias: "claude-opus-4.5",
    label: "Claude Opus 4.5",
    id: "anthropic.claude-opus-4-5-20251101-v1:0",
    profileRegions: sets.c23,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    priced: priceSources.page,
    maxOutputTokens: 64_000,
    refuses: ["temperature+top_p"],
  },
  {
    ...old,
    alias: "claude-3-opus",
    label: "Claude 3 Opus",
    id: "anthropic.claude-3-opus-20240229-v1:0",
    regions: ["us-west-2"],
    profileRegions: ["us-east-1"],
    maxOutputTokens: 4096,
    successor: "claude-opus-5",
  },
];

const opus4Prices = {
  ...late,
  geoPrices: { onDemand: price(5.5, 27.5) },
  globalPrices: { onDemand: price(5, 25) },
  priced: priceSources.page,
  successor: "claude-opus-5",
} as const;

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-1.html, read 2026-11-30. */
const opus4Limits = { contextTokens: 200_000, maxOutputTokens: 32_000 } as const;

const withoutBatch: readonly CatalogueEntry[] = [
  {
    ...noBatch,
    alias: "claude-sonnet-5",
    label: "Claude Sonnet 5",
    id: "anthropic.claude-sonnet-5",
    geoPrices: { onDemand: price(2.2, 11) },
    globalPrices: { onDemand: price(2, 10) },
    priced: priceSources.page,
    ...late,
    // Adaptive thinking is on by default: claude-messages-adaptive-thinking.html, read 2026-11-30.
    reasons: true,
    successor: "claude-sonnet-4.6",
  },
  {
    ...noBatch,
    ...late,
    // Thinking is always on (card, read 2026-11-30).
    reasons: true,
    alias: "claude-fable-5",
    label: "Claude Fable 5",
    id: "anthropic.claude-fable-5",
    geoPrices: { onDemand: price(11, 55) },
    globalPrices: { onDemand: price(10, 50) },
    priced: priceSources.page,
    successor: "claude-opus-5",
  },
  {
    ...noBatch,
    ...late,
    reasons: true,
    alias: "claude-fable-5.1",
    label: "Claude Fable 5.1",
    id: "anthropic.claude-fable-5-1",
    successor: "claude-opus-5",
  },
  { ...noBatch, ...opus4Prices, alias: "claude-opus-4.8", label: "Claude Opus 4.8", id: "anthropic.claude-opus-4-8" },
  { ...noBatch, ...opus4Prices, alias: "claude-opus-4.7", label: "Claude Opus 4.7", id: "anthropic.claude-opus-4-7" },
  {
    ...noBatch,
    alias: "claude-opus-4.1",
    label: "Claude Opus 4.1",
    id: "anthropic.claude-opus-4-1-20250805-v1:0",
    ...opus4Limits,
    endOfLife: "2027-01-08",
    successor: "claude-opus-5",
  },
  {
    ...noBatch,
    alias: "claude-opus-4",
    label: "Claude Opus 4",
    id: "anthropic.claude-opus-4-20250514-v1:0",
    // It has no card: as its successor, `unconfirmed`.
    ...opus4Limits,
    successor: "claude-opus-5",
  },
  // Launched in September and October 2026. Their cards say "Batch: no", read 2026-11-30:
  // https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-5-5.html
  {
    ...noBatch,
    alias: "claude-opus-5.5",
    label: "Claude Opus 5.5",
    id: "anthropic.claude-opus-5-5",
    geoPrices: { onDemand: price(4.4, 22) },
    globalPrices: { onDemand: price(4, 20) },
    priced: priceSources.priceList,
    // It refuses temperature, top_p and a prefill (langgenius/dify issue 3925, 2026-09).
    ...late,
    // Thinking cannot be turned off (card).
    reasons: true,
    successor: "claude-opus-5",
  },
  {
    ...noBatch,
    alias: "claude-sonnet-5.5",
    label: "Claude Sonnet 5.5",
    id: "anthropic.claude-sonnet-5-5",
    geoPrices: { onDemand: price(2.2, 11) },
    globalPrices: { onDemand: price(2, 10) },
    priced: priceSources.priceList,
    // The same parameters as of its sisters, `unconfirmed` of this one.
    ...late,
    // Thinking cannot be turned off.
    reasons: true,
    successor: "claude-sonnet-4.6",
  },
  {
    ...noBatch,
    alias: "claude-haiku-5.5",
    label: "Claude Haiku 5.5",
    id: "anthropic.claude-haiku-5-5",
    // Three public price tables have these, AWS's own page does not yet: `unconfirmed`. Longer prompts cost five times as much.
    geoPrices: { onDemand: price(0.11, 0.55) },
    globalPrices: { onDemand: price(0.1, 0.5) },
    longPrompts: { fromTokens: 100_000, factor: 5 },
    priced: priceSources.public,
    ...late,
    // It thinks by itself, and can be told not to (card).
    reasons: true,
    successor: "claude-haiku-4.5",
  },
];

/** Models of Anthropic. */
export const anthropicModels: readonly CatalogueEntry[] = [...haiku, ...sonnet, ...opus, ...withoutBatch];
