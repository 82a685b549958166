/** Data: Meta's models. Facts: pages of batch models and prices, read 2026-11-21; all their cards, read 2026-11-30. */
import { type CatalogueEntry, type Prices, price, priceSources } from "../catalogue-model.ts";
import { regionSets as sets } from "./regions.ts";

interface Row {
  readonly alias: string;
  readonly label: string;
  readonly regions?: readonly string[];
  readonly profileRegions?: readonly string[];
  readonly prices: Prices;
  /** Of the part of the id between `meta.` and `-v1:0`. */
  readonly name: string;
  readonly contextTokens?: number;
  readonly life: Pick<CatalogueEntry, "endOfLife" | "isRetiring" | "successor">;
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-3-2-1b-instruct.html and its sisters', read 2026-11-30. */
const ended = { endOfLife: "2026-07-07" } as const;

/**
 * Legacy, with this day on their cards, though AWS's page of lifecycles does not list them (both read 2026-11-30):
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-4-scout-17b-instruct.html and its sisters'.
 */
const legacy = { endOfLife: "2027-03-30" } as const;

// Every Llama is at its end or on its way there, and AWS names no successors: active models of about the size, `unconfirmed`.
const large = { successor: "mistral-large-3" } as const;
const small = { successor: "ministral-8b" } as const;

const eu = ["eu-central-1", "eu-west-1", "eu-west-3"];

const llama = ({
  alias,
  label,
  regions = [],
  profileRegions = [],
  prices,
  name,
  contextTokens = 128_000,
  life,
}: Row): CatalogueEntry => ({
  alias,
  label,
  id: `meta.${name}-v1:0`,
  family: "meta-llama",
  batch: "yes",
  regions,
  profileRegions,
  geoPrices: prices,
  priced: priceSources.page,
  structuredUnsupported: true,
  contextTokens,
  // The page of parameters allows max_gen_len up to 2048, the cards of Llama 3 say 4K: `unconfirmed`. Llama 4 takes 8,192 (seen 2026-08).
  maxOutputTokens: name.startsWith("llama4") ? 8192 : 2048,
  ...life,
});

/** The same for input and output. */
const flat = (onDemandUsd: number, batchUsd?: number): Prices => ({
  onDemand: price(onDemandUsd, onDemandUsd),
  ...(batchUsd === undefined ? {} : { batch: price(batchUsd, batchUsd) }),
});

/** Models of Meta. */
export const metaModels: readonly CatalogueEntry[] = [
  llama({
    alias: "llama-4-maverick",
    label: "Llama 4 Maverick",
    name: "llama4-maverick-17b-instruct",
    contextTokens: 1_000_000,
    life: { ...legacy, ...large },
    profileRegions: sets.us4,
    prices: { batch: price(0.12, 0.485), onDemand: price(0.24, 0.97) },
  }),
  llama({
    alias: "llama-4-scout",
    label: "Llama 4 Scout",
    name: "llama4-scout-17b-instruct",
    contextTokens: 10_000_000,
    life: { ...legacy, ...small },
    profileRegions: sets.us4,
    prices: { batch: price(0.085, 0.33), onDemand: price(0.17, 0.66) },
  }),
  llama({
    alias: "llama-3.3-70b",
    label: "Llama 3.3 70B Instruct",
    name: "llama3-3-70b-instruct",
    life: { ...legacy, ...large },
    regions: ["us-east-2"],
    profileRegions: sets.us3,
    prices: flat(0.72, 0.36),
  }),
  llama({
    alias: "llama-3.2-90b",
    label: "Llama 3.2 90B Instruct",
    name: "llama3-2-90b-instruct",
    life: { ...ended, ...large },
    profileRegions: sets.us2,
    prices: flat(0.72),
  }),
  llama({
    alias: "llama-3.2-11b",
    label: "Llama 3.2 11B Instruct",
    name: "llama3-2-11b-instruct",
    life: { ...ended, ...small },
    profileRegions: sets.us2,
    prices: flat(0.16),
  }),
  llama({
    alias: "llama-3.2-3b",
    label: "Llama 3.2 3B Instruct",
    name: "llama3-2-3b-instruct",
    life: { ...ended, ...small },
    profileRegions: [...eu, ...sets.us2],
    prices: flat(0.15),
  }),
  llama({
    alias: "llama-3.2-1b",
    label: "Llama 3.2 1B Instruct",
    name: "llama3-2-1b-instruct",
    life: { ...ended, ...small },
    profileRegions: [...eu, ...sets.us2],
    prices: flat(0.1),
  }),
  llama({
    alias: "llama-3.1-405b",
    label: "Llama 3.1 405B Instruct",
    name: "llama3-1-405b-instruct",
    // "Legacy: July 7, 2026": the day on which it became legacy, or its end? `unconfirmed`.
    life: { isRetiring: true, ...large },
    regions: ["us-west-2"],
    prices: flat(2.4, 1.2),
  }),
  llama({
    alias: "llama-3.1-70b",
    label: "Llama 3.1 70B Instruct",
    name: "llama3-1-70b-instruct",
    life: { ...legacy, ...large },
    regions: ["us-west-2"],
    profileRegions: sets.us2,
    prices: flat(0.72, 0.36),
  }),
  llama({
    alias: "llama-3.1-8b",
    label: "Llama 3.1 8B Instruct",
    name: "llama3-1-8b-instruct",
    life: { ...legacy, ...small },
    regions: ["us-west-2"],
    profileRegions: sets.us2,
    prices: flat(0.22, 0.11),
  }),
];
