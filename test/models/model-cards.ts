/**
 * Data: what AWS's model cards say, written down from the cards and from the table of batch models, not from the catalogue:
 * docs/sources-2026-11.md lists the pages, read 2026-11-30. What a card does not say is left out.
 */

const list = (text: string): readonly string[] => text.split(" ");

const us2 = list("us-east-1 us-west-2");
const us3 = [...us2, "us-east-2"];
const us4 = [...us3, "us-west-1"];
const us5 = [...us4, "ca-central-1"];
const us6 = [...us5, "ca-west-1"];
const gov = list("us-gov-east-1 us-gov-west-1");
const eu3 = list("eu-central-1 eu-west-1 eu-west-3");
const eu6 = [...eu3, ...list("eu-north-1 eu-south-1 eu-south-2")];
const eu7 = [...eu6, "il-central-1"];
const eu8 = [...eu6, ...list("eu-central-2 eu-west-2")];
const au2 = list("ap-southeast-2 ap-southeast-4");
const au3 = [...au2, "ap-southeast-6"];
const jp = list("ap-northeast-1 ap-northeast-3");
const apac5 = list("ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2");
const apac7 = [...apac5, "ap-northeast-3", "ap-south-2"];
const southeast = list("ap-east-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7");
/** Of Kimi K3 and GPT-5.6 Sol: all but Mexico. */
const world32 = [
  ...[...us6, ...eu8, ...apac7, ...southeast],
  ...list("af-south-1 il-central-1 me-central-1 me-south-1 sa-east-1"),
];
const world33 = [...world32, "mx-central-1"];

/** One card; sizes in its own words. */
export interface Card {
  readonly id: string;
  /** Of its page, after `model-card-`. */
  readonly page: string;
  /** The table of batch models has it, and the card does not say otherwise. */
  readonly batch: boolean;
  readonly context?: string;
  readonly output?: string;
  /** The day of its end. */
  readonly end?: string;
  readonly sees: boolean;
  readonly structured?: boolean;
  /** The least number of tokens that are cached; `false` where the card has no caching. */
  readonly cacheFrom?: number | false;
  readonly counts?: boolean;
  readonly profiles: Readonly<Record<string, readonly string[]>>;
}

type Rest = Omit<Card, "id" | "page" | "batch" | "context" | "output" | "sees" | "profiles"> &
  Partial<Pick<Card, "profiles">>;

const card = (
  page: string,
  id: string,
  batch: "batch" | "no batch",
  context: string | undefined,
  output: string | undefined,
  input: "text" | "image",
  rest: Rest = {},
): Card => ({
  ...{ page, id, batch: batch === "batch", sees: input === "image", profiles: {} },
  ...(context === undefined ? {} : { context }),
  ...(output === undefined ? {} : { output }),
  ...rest,
});

const late = { structured: false, cacheFrom: 512, counts: false } as const;
const counted = { structured: true, counts: true } as const;
const nova = { structured: false, cacheFrom: 1000 } as const;
const spring = "2027-03-30";
const march = { end: spring } as const;
const shaped = { structured: true } as const;
const inGov = { structured: true, profiles: { "us-gov": gov } } as const;

const anthropic: readonly Card[] = [
  card("anthropic-claude-opus-5-5", "anthropic.claude-opus-5-5", "no batch", "1M", "128K", "image", {
    ...late,
    profiles: { us: us6, eu: eu8, au: au2, jp, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-sonnet-5-5", "anthropic.claude-sonnet-5-5", "no batch", "1M", "128K", "image", {
    ...late,
    profiles: { us: us6, eu: eu8, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-haiku-5-5", "anthropic.claude-haiku-5-5", "no batch", "1M", "128K", "image", {
    ...late,
    profiles: { us: us6, eu: eu8, au: au2, jp, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-fable-5-1", "anthropic.claude-fable-5-1", "no batch", "1M", "128K", "image", {
    cacheFrom: 512,
    profiles: { us: us6, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-fable-5", "anthropic.claude-fable-5", "no batch", "1M", "128K", "image", {
    cacheFrom: 512,
    counts: true,
    profiles: { us: us6, global: world33 },
  }),
  card("anthropic-claude-opus-5", "anthropic.claude-opus-5", "batch", "1M", "128K", "image", {
    ...late,
    profiles: { us: us6, eu: eu8, au: au2, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-sonnet-5", "anthropic.claude-sonnet-5", "no batch", "1M", "128K", "image", {
    ...late,
    cacheFrom: 1024,
    profiles: { us: us6, eu: eu8, au: au2, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-opus-4-8", "anthropic.claude-opus-4-8", "no batch", "1M", "128K", "image", {
    ...late,
    cacheFrom: 1024,
    profiles: { us: us6, eu: eu8, au: au2, jp, "us-gov": gov, global: world33 },
  }),
  card("anthropic-claude-opus-4-7", "anthropic.claude-opus-4-7", "no batch", "1M", "128K", "image", {
    ...late,
    cacheFrom: 4096,
    profiles: { us: us6, eu: eu8, au: au2, jp, global: world33 },
  }),
  card("anthropic-claude-opus-4-6", "anthropic.claude-opus-4-6-v1", "batch", "1M", "128K", "image", {
    ...counted,
    cacheFrom: 4096,
    profiles: { us: us6, eu: eu8, au: au3, global: world33 },
  }),
  card("anthropic-claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "batch", "1M", "64K", "image", {
    ...counted,
    cacheFrom: 1024,
    profiles: { us: us6, eu: eu8, au: au3, jp, global: world33 },
  }),
  card("anthropic-claude-opus-4-5", "anthropic.claude-opus-4-5-20251101-v1:0", "batch", "200K", "64K", "image", {
    ...counted,
    cacheFrom: 4096,
    profiles: { us: us5, eu: eu8, global: world33 },
  }),
  card("anthropic-claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0", "batch", "200K", "64K", "image", {
    ...counted,
    cacheFrom: 4096,
    profiles: { us: us5, eu: eu8, au: au3, jp, global: world33 },
  }),
  // The card writes the regions of GovCloud under the id of the us. profile.
  card("anthropic-claude-sonnet-4-5", "anthropic.claude-sonnet-4-5-20250929-v1:0", "batch", "200K", "64K", "image", {
    ...counted,
    cacheFrom: 1024,
    profiles: { us: us5, eu: eu8, au: au3, jp, "us-gov": gov, global: world33 },
  }),
  // Its region table has Geo in five more regions of Asia, its table of source regions has not.
  card("anthropic-claude-sonnet-4", "anthropic.claude-sonnet-4-20250514-v1:0", "batch", "200K", "64K", "image", {
    ...{ end: "2026-10-14", cacheFrom: 1024, counts: true },
    profiles: { us: us4, eu: eu7, apac: apac7, global: [...us3, "eu-west-1", "ap-northeast-1"] },
  }),
  card("anthropic-claude-opus-4-1", "anthropic.claude-opus-4-1-20250805-v1:0", "no batch", "200K", "32K", "image", {
    ...{ end: "2027-01-08", cacheFrom: 1024, counts: true },
    profiles: { us: us3 },
  }),
  card("anthropic-claude-3-5-haiku", "anthropic.claude-3-5-haiku-20241022-v1:0", "batch", "200K", "8K", "text", {
    ...{ end: "2026-06-19", cacheFrom: 2048 },
    profiles: { us: us3 },
  }),
  card("anthropic-claude-3-haiku", "anthropic.claude-3-haiku-20240307-v1:0", "batch", "200K", "4K", "image", {
    ...{ end: "2026-09-10", cacheFrom: false },
    profiles: { us: us3, eu: eu3 },
  }),
];

const amazon: readonly Card[] = [
  card("amazon-nova-2-lite", "amazon.nova-2-lite-v1:0", "batch", "1M", "64K", "image", {
    ...nova,
    profiles: {
      ...{ us: us6, eu: eu6, jp: ["ap-northeast-1"] },
      global: [...us6, ...eu6, ...apac5, ...southeast, ...list("eu-west-2 il-central-1 me-central-1")],
    },
  }),
  card("amazon-nova-micro", "amazon.nova-micro-v1:0", "batch", "128K", "5K", "text", {
    ...nova,
    profiles: { us: us3, eu: eu7, apac: apac5 },
  }),
  // ca-west-1 is not on the card; public users call the profile from there.
  card("amazon-nova-lite", "amazon.nova-lite-v1:0", "batch", "300K", "5K", "image", {
    ...nova,
    profiles: { us: us4, eu: eu7, apac: apac5, ca: list("ca-central-1 ca-west-1") },
  }),
  card("amazon-nova-pro", "amazon.nova-pro-v1:0", "batch", "300K", "5K", "image", {
    ...nova,
    profiles: { us: us4, eu: eu7, apac: apac5 },
  }),
  card("amazon-nova-premier", "amazon.nova-premier-v1:0", "batch", "1M", "25K", "image", {
    ...nova,
    end: "2026-09-14",
    profiles: { us: us3 },
  }),
  card(
    "amazon-amazon-nova-multimodal-embeddings",
    "amazon.nova-2-multimodal-embeddings-v1:0",
    "batch",
    undefined,
    undefined,
    "image",
  ),
  card("amazon-titan-text-embeddings-v2", "amazon.titan-embed-text-v2:0", "batch", "8K", undefined, "text"),
  card("amazon-titan-multimodal-embeddings-g1", "amazon.titan-embed-image-v1", "batch", undefined, undefined, "image"),
  card("amazon-titan-embeddings-g1---text", "amazon.titan-embed-text-v1", "no batch", "8K", undefined, "text"),
];

const llama = (page: string, id: string, context: string, output: string, input: "text" | "image", rest: Rest): Card =>
  card(`meta-${page}`, `meta.${id}-v1:0`, "batch", context, output, input, { structured: false, ...rest });

const meta: readonly Card[] = [
  llama("llama-4-maverick-17b-instruct", "llama4-maverick-17b-instruct", "1M", "8K", "image", {
    ...march,
    profiles: { us: us4 },
  }),
  llama("llama-4-scout-17b-instruct", "llama4-scout-17b-instruct", "10M", "8K", "image", {
    ...march,
    profiles: { us: us4 },
  }),
  llama("llama-3-3-70b-instruct", "llama3-3-70b-instruct", "128K", "4K", "text", { ...march, profiles: { us: us3 } }),
  llama("llama-3-2-90b-instruct", "llama3-2-90b-instruct", "128K", "4K", "image", {
    ...{ end: "2026-07-07", profiles: { us: us3 } },
  }),
  llama("llama-3-2-11b-instruct", "llama3-2-11b-instruct", "128K", "4K", "image", {
    ...{ end: "2026-07-07", profiles: { us: us3 } },
  }),
  llama("llama-3-2-3b-instruct", "llama3-2-3b-instruct", "128K", "4K", "text", {
    ...{ end: "2026-07-07", profiles: { us: us3, eu: eu3 } },
  }),
  llama("llama-3-2-1b-instruct", "llama3-2-1b-instruct", "128K", "4K", "text", {
    ...{ end: "2026-07-07", profiles: { us: us3, eu: eu3 } },
  }),
  // "Legacy: July 7, 2026" stands where the others have the day of their end; it is not taken for one.
  llama("llama-3-1-405b-instruct", "llama3-1-405b-instruct", "128K", "4K", "text", { profiles: { us: ["us-east-2"] } }),
  llama("llama-3-1-70b-instruct", "llama3-1-70b-instruct", "128K", "4K", "text", { ...march, profiles: { us: us3 } }),
  llama("llama-3-1-8b-instruct", "llama3-1-8b-instruct", "128K", "4K", "text", { ...march, profiles: { us: us3 } }),
];

const open: readonly Card[] = [
  card("openai-gpt-oss-20b", "openai.gpt-oss-20b-1:0", "batch", "128K", "16K", "text", inGov),
  card("openai-gpt-oss-120b", "openai.gpt-oss-120b-1:0", "batch", "128K", "16K", "text", inGov),
  card("openai-gpt-oss-safeguard-20b", "openai.gpt-oss-safeguard-20b", "batch", "128K", "16K", "text", shaped),
  card("openai-gpt-oss-safeguard-120b", "openai.gpt-oss-safeguard-120b", "batch", "128K", "16K", "text", shaped),
  card("openai-gpt-56-sol", "openai.gpt-5.6-sol", "no batch", "1M", undefined, "image", {
    structured: false,
    profiles: { us: us5, global: world32 },
  }),
  card("qwen-qwen3-32b", "qwen.qwen3-32b-v1:0", "batch", "32K", "8K", "text", shaped),
  card("qwen-qwen3-235b-a22b-2507", "qwen.qwen3-235b-a22b-2507-v1:0", "batch", "256K", "8K", "text", shaped),
  card("qwen-qwen3-coder-480b-a35b-instruct", "qwen.qwen3-coder-480b-a35b-v1:0", "batch", "128K", "16K", "text", {
    ...march,
    ...shaped,
  }),
  card("qwen-qwen3-coder-30b-a3b-instruct", "qwen.qwen3-coder-30b-a3b-v1:0", "batch", "256K", "16K", "text", {
    ...march,
    ...shaped,
  }),
  card("qwen-qwen3-coder-next", "qwen.qwen3-coder-next", "batch", "256K", "16K", "text", shaped),
  card("qwen-qwen3-next-80b-a3b", "qwen.qwen3-next-80b-a3b", "batch", "256K", "8K", "text", shaped),
  card("qwen-qwen3-vl-235b-a22b", "qwen.qwen3-vl-235b-a22b", "batch", "256K", "8K", "image", { structured: false }),
  card("deepseek-deepseek-v3-2", "deepseek.v3.2", "batch", "164K", "8K", "text", shaped),
  card("deepseek-deepseek-v3-1", "deepseek.v3-v1:0", "batch", "128K", "8K", "text", { ...march, ...shaped }),
  card("moonshot-ai-kimi-k2-thinking", "moonshot.kimi-k2-thinking", "batch", "256K", "16K", "text", {
    ...march,
    ...shaped,
  }),
  card("moonshot-ai-kimi-k2-5", "moonshotai.kimi-k2.5", "batch", "256K", "16K", "image", shaped),
  card("moonshot-ai-kimi-k3", "moonshotai.kimi-k3", "no batch", "1M", undefined, "image", {
    ...{ structured: true, cacheFrom: 1024 },
    profiles: { us: us5, global: world32 },
  }),
  card("zai-glm-4-7", "zai.glm-4.7", "batch", "203K", "4K", "text", { ...march, ...shaped }),
  card("zai-glm-4-7-flash", "zai.glm-4.7-flash", "batch", "203K", "4K", "text", { ...march, ...shaped }),
  card("zai-glm-5", "zai.glm-5", "no batch", "200K", "128K", "text", shaped),
  card("minimax-minimax-m2", "minimax.minimax-m2", "batch", "1M", "8K", "text", { ...march, ...shaped }),
  card("minimax-minimax-m2-1", "minimax.minimax-m2.1", "batch", "196K", "8K", "text", { ...march, ...shaped }),
  card("minimax-minimax-m2-5", "minimax.minimax-m2.5", "no batch", "196K", "8K", "text", shaped),
  card("google-gemma-3-4b-it", "google.gemma-3-4b-it", "batch", "128K", "8K", "image", march),
  card("google-gemma-3-12b-it", "google.gemma-3-12b-it", "batch", "128K", "8K", "image", { ...march, ...shaped }),
  card("google-gemma-3-27b-pt", "google.gemma-3-27b-it", "batch", "128K", "8K", "image", { ...march, ...shaped }),
  card("nvidia-nvidia-nemotron-nano-9b-v2", "nvidia.nemotron-nano-9b-v2", "batch", "128K", "8K", "text", {
    ...march,
    ...inGov,
  }),
  card("nvidia-nvidia-nemotron-nano-12b-v2-vl-bf16", "nvidia.nemotron-nano-12b-v2", "batch", "128K", "8K", "image", {
    ...march,
    ...inGov,
  }),
  card("nvidia-nemotron-nano-3-30b", "nvidia.nemotron-nano-3-30b", "batch", "256K", "8K", "text", inGov),
  card("nvidia-nemotron-super-3-120b", "nvidia.nemotron-super-3-120b", "no batch", "256K", "32K", "text", inGov),
  card("mistral-ai-mistral-large-3", "mistral.mistral-large-3-675b-instruct", "batch", "256K", "32K", "image", shaped),
  card("mistral-ai-ministral-3b", "mistral.ministral-3-3b-instruct", "batch", "128K", "8K", "image", shaped),
  card("mistral-ai-ministral-3-8b", "mistral.ministral-3-8b-instruct", "batch", "128K", "8K", "image", shaped),
  card("mistral-ai-ministral-14b-3-0", "mistral.ministral-3-14b-instruct", "batch", "128K", "8K", "image", shaped),
  card("mistral-ai-magistral-small-2509", "mistral.magistral-small-2509", "batch", "128K", "40K", "image", shaped),
  card("mistral-ai-devstral-2-123b", "mistral.devstral-2-123b", "batch", "256K", "32K", "text", {
    ...march,
    ...shaped,
  }),
  // The two Voxtrals take speech, not images.
  card("mistral-ai-voxtral-mini-3b-2507", "mistral.voxtral-mini-3b-2507", "batch", "32K", undefined, "text", {
    ...march,
    ...shaped,
  }),
  card("mistral-ai-voxtral-small-24b-2507", "mistral.voxtral-small-24b-2507", "batch", "32K", undefined, "text", {
    ...march,
    ...shaped,
  }),
  card("mistral-ai-mistral-small", "mistral.mistral-small-2402-v1:0", "batch", "32K", "4K", "text", {
    structured: false,
  }),
];

/** Every card of a model that the catalogue has. */
export const cards: readonly Card[] = [...anthropic, ...amazon, ...meta, ...open];

/** Models of the table of batch models, or that AWS has named, without a card. */
export const withoutCard: readonly string[] = [
  "anthropic.claude-opus-4-20250514-v1:0",
  "anthropic.claude-3-7-sonnet-20250219-v1:0",
  "anthropic.claude-3-5-sonnet-20241022-v2:0",
  "anthropic.claude-3-5-sonnet-20240620-v1:0",
  "anthropic.claude-3-sonnet-20240229-v1:0",
  "anthropic.claude-3-opus-20240229-v1:0",
  // The card of Mistral Large is of another version, 24.02.
  "mistral.mistral-large-2407-v1:0",
];

/** Sources and destinations of profiles, as the cards' tables of them have them. */
export const destinations: readonly (readonly [profile: string, source: string, to: string])[] = [
  ["us.anthropic.claude-opus-5", "us-east-1", "us-east-1 us-east-2 us-west-2"],
  ["us.anthropic.claude-haiku-4-5-20251001-v1:0", "ca-central-1", "ca-central-1 us-east-1 us-east-2 us-west-2"],
  ["eu.anthropic.claude-sonnet-4-6", "eu-west-3", "eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3"],
  ["au.anthropic.claude-opus-4-6-v1", "ap-southeast-2", "ap-southeast-2 ap-southeast-4"],
  ["jp.anthropic.claude-haiku-4-5-20251001-v1:0", "ap-northeast-3", "ap-northeast-1 ap-northeast-3"],
  ["us-gov.openai.gpt-oss-20b-1:0", "us-gov-east-1", "us-gov-east-1 us-gov-west-1"],
  ["us-gov.nvidia.nemotron-super-3-120b", "us-gov-west-1", "us-gov-east-1 us-gov-west-1"],
  ["eu.amazon.nova-micro-v1:0", "eu-west-1", "eu-central-1 eu-north-1 eu-west-1 eu-west-3"],
  ["eu.amazon.nova-lite-v1:0", "il-central-1", "eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-3 il-central-1"],
  ["eu.meta.llama3-2-1b-instruct-v1:0", "eu-west-3", "eu-central-1 eu-west-1 eu-west-3"],
  ["us.meta.llama3-2-90b-instruct-v1:0", "us-east-2", "us-east-1 us-east-2 us-west-2"],
];
