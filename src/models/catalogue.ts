/** Data: the models, their ids, regions, profiles, prices and limits, each fact with its date in the comments below. */
import type { TokenPrice } from "../types.ts";

/** A model as the documents and the field know it. */
export interface CatalogueModel {
  readonly alias: string;
  readonly label: string;
  /** The base model's id. */
  readonly id: string;
  readonly family: string;
  /** `no` is confirmed or stated; a model that is not in the list of batch models without a confirmation is `unlisted`. */
  readonly batch: "yes" | "no" | "unlisted";
  /** Regions in which the bare id can be used in a job. */
  readonly regions: readonly string[];
  /** Regions from which a job can use an inference profile. */
  readonly profileRegions: readonly string[];
  /** Prefixes of its inference profiles. */
  readonly profiles: readonly ProfilePrefix[];
  /** In its region and through a geographic profile; for us-east-1 and us-west-2. */
  readonly geoPrices?: Prices;
  readonly globalPrices?: Prices;
  readonly pricesReadAt?: string;
  readonly maxOutputTokens?: number;
  /** `temperature+top_p` stands for both at once. */
  readonly refuses?: readonly ("temperature" | "top_p" | "temperature+top_p")[];
  /** From this day the model answers no more. */
  readonly endOfLife?: string;
}

export type ProfilePrefix = "us" | "eu" | "apac" | "au" | "jp" | "in" | "global";

interface Prices {
  readonly batch?: TokenPrice;
  readonly onDemand: TokenPrice;
}

// Region sets of the page of batch models, read 2026-11-21.
const c23 = [
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];
const c32 = [
  ...c23,
  ...["af-south-1", "ap-east-2", "ap-southeast-5", "ap-southeast-7", "ca-west-1", "il-central-1", "me-central-1"],
  ...["me-south-1", "mx-central-1"],
];
const c33 = [...c32, "ap-southeast-6"];
const sonnet45Regions = [
  ...c23,
  "af-south-1",
  "ca-west-1",
  "me-south-1",
  "mx-central-1",
  "us-gov-east-1",
  "us-gov-west-1",
];

/** Sonnet 4.6's card lists these (2026); the other Claude models since 4.5 are taken to have the same, `unconfirmed`. */
const currentProfiles: readonly ProfilePrefix[] = ["us", "eu", "jp", "au", "global"];

const price = (inputUsd: number, outputUsd: number): TokenPrice => ({ inputUsd, outputUsd });
const claude = { family: "anthropic-messages", regions: [], profileRegions: [], profiles: currentProfiles } as const;

/** The catalogue, newest first within a make. */
export const catalogue: readonly CatalogueModel[] = [
  {
    ...claude,
    alias: "claude-haiku-4.5",
    label: "Claude Haiku 4.5",
    id: "anthropic.claude-haiku-4-5-20251001-v1:0",
    batch: "yes",
    profileRegions: c23,
    geoPrices: { batch: price(0.55, 2.75), onDemand: price(1.1, 5.5) },
    globalPrices: { batch: price(0.5, 2.5), onDemand: price(1, 5) },
    pricesReadAt: "2026-07-24",
    // 500 of 500 records of one job refused with these words, 2026-08.
    refuses: ["temperature+top_p"],
  },
  {
    ...claude,
    alias: "claude-sonnet-4.6",
    label: "Claude Sonnet 4.6",
    id: "anthropic.claude-sonnet-4-6",
    batch: "yes",
    regions: ["eu-west-2"],
    profileRegions: c32,
    geoPrices: { batch: price(1.65, 8.25), onDemand: price(3.3, 16.5) },
    globalPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    pricesReadAt: "2026-07-24",
    maxOutputTokens: 64_000,
  },
  {
    ...claude,
    alias: "claude-sonnet-4.5",
    label: "Claude Sonnet 4.5",
    id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    batch: "yes",
    profileRegions: sonnet45Regions,
    geoPrices: { batch: price(1.65, 8.25), onDemand: price(3.3, 16.5) },
    globalPrices: { batch: price(1.5, 7.5), onDemand: price(3, 15) },
    pricesReadAt: "2026-07-24",
  },
  {
    ...claude,
    alias: "claude-opus-5",
    label: "Claude Opus 5",
    id: "anthropic.claude-opus-5",
    batch: "yes",
    profileRegions: c33,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    pricesReadAt: "2026-09-22",
    // "`temperature` is deprecated for this model", and the same for `top_p`, 2026-08.
    refuses: ["temperature", "top_p"],
  },
  {
    ...claude,
    alias: "claude-opus-4.6",
    label: "Claude Opus 4.6",
    id: "anthropic.claude-opus-4-6-v1",
    batch: "yes",
    profileRegions: c32,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    pricesReadAt: "2026-07-24",
  },
  {
    ...claude,
    alias: "claude-opus-4.5",
    label: "Claude Opus 4.5",
    id: "anthropic.claude-opus-4-5-20251101-v1:0",
    batch: "yes",
    profileRegions: c23,
    geoPrices: { batch: price(2.75, 13.75), onDemand: price(5.5, 27.5) },
    globalPrices: { batch: price(2.5, 12.5), onDemand: price(5, 25) },
    pricesReadAt: "2026-07-24",
  },
  // Create answers "Batch inference is not supported for the requested model." (probed 2026-08), and no batch price.
  {
    ...claude,
    alias: "claude-sonnet-5",
    label: "Claude Sonnet 5",
    id: "anthropic.claude-sonnet-5",
    batch: "no",
    geoPrices: { onDemand: price(2.2, 11) },
    globalPrices: { onDemand: price(2, 10) },
    pricesReadAt: "2026-07-24",
    maxOutputTokens: 128_000,
  },
  {
    ...claude,
    alias: "claude-fable-5",
    label: "Claude Fable 5",
    id: "anthropic.claude-fable-5",
    batch: "no",
    geoPrices: { onDemand: price(11, 55) },
    globalPrices: { onDemand: price(10, 50) },
    pricesReadAt: "2026-07-24",
  },
];
