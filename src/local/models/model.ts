/** What the service knows of one model. */

/** How a model's own request and answer look. One file a shape in `families/`. */
export type FamilyName =
  | "anthropic-messages"
  | "amazon-nova"
  | "meta-llama"
  | "mistral-chat"
  | "openai-chat"
  | "titan-text-embeddings"
  | "titan-multimodal-embeddings"
  | "nova-embeddings"
  | "cohere-embed"
  | "converse"
  | "unknown";

export interface Model {
  readonly id: string;
  /** As ListFoundationModels names it. */
  readonly name: string;
  readonly provider: string;
  readonly family: FamilyName;
  readonly input: readonly ("TEXT" | "IMAGE" | "SPEECH" | "VIDEO")[];
  readonly output: readonly ("TEXT" | "IMAGE" | "EMBEDDING")[];
  /** Whether CreateModelInvocationJob takes it anywhere. */
  readonly batch: boolean;
  /** Regions that run it themselves, without a profile. */
  readonly regions: readonly string[];
  /** Regions from which a job can use a cross-Region profile, as the batch model page has them. */
  readonly profileRegions: readonly string[];
  /** Its cross-Region profiles by prefix, keys of `geographies`, each with the Regions that it takes requests from. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  /** How the batch quotas' names call it; undefined where it has none. */
  readonly quotaLabel?: string;
  /** Above this a request is refused. Undefined: no limit known. */
  readonly maxOutputTokens?: number;
  /** Sampling parameters: `either` takes temperature or top_p, not both; `none` takes neither. */
  readonly sampling: "both" | "either" | "none";
  /** Whether the last turn may be the assistant's. */
  readonly prefill: boolean;
  readonly countsTokens: boolean;
  readonly lifecycle: "ACTIVE" | "LEGACY";
}
