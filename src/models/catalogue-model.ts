import type { LongPrompts, StructuredOutput, TokenPrice } from "../foundation/types/index.ts";

/** A model as the documents and the field know it. */
export interface CatalogueModel {
  readonly alias: string;
  readonly label: string;
  /** As the names of the account's quotas call it; the label where it is left out. */
  readonly quotaLabel?: string;
  /** The base model's id. */
  readonly id: string;
  readonly family: string;
  /** What it gives; by its family. */
  readonly batch: BatchSupport;
  /** Regions in which the bare id can be used in a job; of a model that is not listed for batch, those that have it at all. */
  readonly regions: readonly string[];
  /** Regions from which a job can use an inference profile, as the table of batch models has them. */
  readonly profileRegions: readonly string[];
  /** Its inference profiles, with the regions from which each can be called. */
  readonly profiles: ProfileSources;
  /** The day on which a region listed profiles and none of this model's; from a reading only. */
  readonly profilesUnlistedOn?: string;
  /** In its region and through a geographic profile; for us-east-1 and us-west-2. */
  readonly geoPrices?: Prices;
  readonly globalPrices?: Prices;
  /** Where the prices come from; undefined where there are none. */
  readonly priced?: PriceSource;
  /** Tokens of prompt and answer together. */
  readonly contextTokens?: number;
  /** Above this a request is refused. */
  readonly maxOutputTokens?: number;
  /** `temperature+top_p` stands for both at once, `prefill` for a last message of the assistant's. */
  readonly refuses?: readonly RefusedParameter[];
  /** It thinks before it answers, by itself. */
  readonly reasons?: true;
  /** Known to hold an answer to a schema in batch. Nobody has seen it of any model yet. */
  readonly structured?: StructuredOutput;
  /** From this day the model answers no more, `2026-10-14`. */
  readonly endOfLife?: string;
  /** Likely at its end, with no day known: it has left the lifecycle page. */
  readonly isRetiring?: true;
  /** The day on which a region listed it as legacy; from a reading only. */
  readonly legacyOn?: string;
  /** The day on which a region did not list it at all; from a reading only. */
  readonly absentOn?: string;
  /** The alias of what to use instead. */
  readonly successor?: string;
  /** The alias of a newer model of the same class that may be cheaper on demand than this one in batch. */
  readonly newer?: string;
  /** Long prompts cost more, all of their tokens. */
  readonly longPrompts?: LongPrompts;
  /** Since when Bedrock refuses to hold an answer to a schema, though the requests' form has a field for it. */
  readonly structuredRefused?: string;
  /** Its card says that structured outputs are not supported. */
  readonly structuredUnsupported?: true;
}

/** `no` is confirmed or stated; `unlisted` is in no list of batch models, without a word that it is not. */
export type BatchSupport = "yes" | "no" | "unlisted";

/** A parameter that a model refuses, and its words. */
export type RefusedParameter = "temperature" | "top_p" | "top_k" | "temperature+top_p" | "prefill";

/** Where an inference profile may send to, as its id begins. */
export type ProfilePrefix = "us" | "eu" | "apac" | "au" | "jp" | "in" | "ca" | "us-gov" | "global";

/** Inference profiles of a model, each with the source regions: those from which it can be called. */
export type ProfileSources = Readonly<Partial<Record<ProfilePrefix, readonly string[]>>>;

/** A row of the tables by make; its profiles have a table of their own, `catalogue/profile-sources.ts`. */
export type CatalogueEntry = Omit<CatalogueModel, "profiles">;

/** The prices of a model, lane by lane. */
export interface Prices {
  readonly batch?: TokenPrice;
  readonly onDemand?: TokenPrice;
  /** Where these come from, if not from where the model's others do. */
  readonly priced?: PriceSource;
}

/** A reading of prices. */
export interface PriceSource {
  readonly readAt: string;
  readonly source: string;
}

/**
 * The day on which the catalogue was last compared with AWS's pages of batch models, lifecycles and model cards, and with public
 * price tables.
 */
export const catalogueReadAt = "2026-11-30";

/** The regions that the catalogue's prices are for. */
export const pricedRegions: readonly string[] = ["us-east-1", "us-west-2"];

/** Where and when the catalogue's prices were read. All are for us-east-1 and us-west-2. */
export const priceSources = {
  page: { readAt: "2026-07-24", source: "aws.amazon.com/bedrock/pricing, us-east-1 and us-west-2" },
  priceList: { readAt: "2026-09-22", source: "AWS Price List, us-east-1 and us-west-2" },
  /** Three public price tables, none of them AWS's own: `unconfirmed`. */
  public: { readAt: "2026-11-30", source: "public price tables, not AWS's own" },
  /** A model card that has prices; most have none. */
  card: { readAt: "2026-11-30", source: "AWS's model card" },
  /** Measured by one account on jobs of its own, beside the page. */
  field: { readAt: "2026-08-17", source: "aws.amazon.com/bedrock/pricing, and the bills of one account in us-west-2" },
} as const satisfies Record<string, PriceSource>;

/** US dollars for a million tokens. */
export const price = (inputUsd: number, outputUsd: number): TokenPrice => ({ inputUsd, outputUsd });
