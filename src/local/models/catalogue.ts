/** Data: the models that the service knows (sources#batch-models, read ≈ Sep–Oct 2026; all model cards, read 2026-11-30). */
import type { FamilyName, Model } from "./model.ts";
import { profilesOf } from "./profiles.ts";
import { regionSets as sets } from "./regions.ts";

const list = (text: string): readonly string[] => (text === "" ? [] : text.split(" "));

/** What differs from a plain text model that runs in batch. */
type Detail = Partial<Omit<Model, "id" | "name" | "provider" | "family" | "profiles">>;

const make = (provider: string, family: FamilyName, id: string, name: string, detail: Detail): Model => ({
  id,
  name,
  provider,
  family,
  input: ["TEXT"],
  output: ["TEXT"],
  batch: true,
  regions: [],
  profileRegions: [],
  profiles: profilesOf(id),
  sampling: "both",
  prefill: true,
  countsTokens: false,
  lifecycle: "ACTIVE",
  ...detail,
});

const claude = (id: string, name: string, detail: Detail): Model =>
  make("Anthropic", "anthropic-messages", `anthropic.${id}`, name, {
    input: ["TEXT", "IMAGE"],
    ...(detail.batch === false ? {} : { quotaLabel: name }),
    ...detail,
  });

// Regions of the oldest Claude models: the batch model page, read 2026-11-30. All are LEGACY: Claude 3 Haiku reached its
// end on 2026-09-10, Sonnet 4 on 2026-10-14.
const old = { lifecycle: "LEGACY" } as const;
const claude3Regions = list(
  "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-central-2 eu-west-1 " +
    "eu-west-2 eu-west-3 sa-east-1 us-east-1 us-west-2",
);

const anthropic: readonly Model[] = [
  claude("claude-3-haiku-20240307-v1:0", "Claude 3 Haiku", {
    ...old,
    regions: claude3Regions,
    maxOutputTokens: 4096,
  }),
  claude("claude-3-opus-20240229-v1:0", "Claude 3 Opus", {
    ...old,
    regions: ["us-west-2"],
    profileRegions: ["us-east-1"],
    maxOutputTokens: 4096,
  }),
  claude("claude-3-sonnet-20240229-v1:0", "Claude 3 Sonnet", {
    ...old,
    regions: claude3Regions.filter((each) => !/^(ap-northeast-1|ap-southeast-1|eu-central-2)$/.test(each)),
    profileRegions: sets.claudeSonnet3,
    maxOutputTokens: 4096,
  }),
  claude("claude-3-5-haiku-20241022-v1:0", "Claude 3.5 Haiku", {
    ...old,
    input: ["TEXT"],
    regions: ["us-west-2"],
    profileRegions: ["us-east-1"],
    maxOutputTokens: 8192,
    countsTokens: true,
  }),
  claude("claude-3-5-sonnet-20240620-v1:0", "Claude 3.5 Sonnet", {
    ...old,
    regions: list("ap-northeast-1 ap-northeast-2 ap-southeast-1 eu-central-1 us-east-1 us-east-2 us-west-2"),
    profileRegions: sets.claudeSonnet3,
    maxOutputTokens: 8192,
  }),
  claude("claude-3-5-sonnet-20241022-v2:0", "Claude 3.5 Sonnet v2", {
    ...old,
    regions: ["us-west-2"],
    profileRegions: sets.claudeSonnet35v2,
    maxOutputTokens: 8192,
    countsTokens: true,
  }),
  claude("claude-3-7-sonnet-20250219-v1:0", "Claude 3.7 Sonnet", {
    ...old,
    profileRegions: sets.claudeSonnet37,
    maxOutputTokens: 131072,
    countsTokens: true,
  }),
  claude("claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5", {
    profileRegions: sets.c23,
    maxOutputTokens: 64000,
    sampling: "either",
    countsTokens: true,
  }),
  claude("claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5", {
    profileRegions: sets.c23,
    maxOutputTokens: 64000,
    sampling: "either",
    countsTokens: true,
  }),
  claude("claude-opus-4-6-v1", "Claude Opus 4.6", {
    profileRegions: sets.c32,
    maxOutputTokens: 128000,
    sampling: "either",
    prefill: false,
    countsTokens: true,
  }),
  claude("claude-opus-5", "Claude Opus 5", {
    profileRegions: sets.c33,
    maxOutputTokens: 128000,
    sampling: "none",
    prefill: false,
  }),
  claude("claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4", {
    ...old,
    profileRegions: sets.claudeSonnet4,
    maxOutputTokens: 64000,
    countsTokens: true,
  }),
  claude("claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5", {
    profileRegions: sets.claudeSonnet45,
    maxOutputTokens: 64000,
    sampling: "either",
    countsTokens: true,
  }),
  claude("claude-sonnet-4-6", "Claude Sonnet 4.6", {
    regions: ["eu-west-2"],
    profileRegions: sets.c32,
    maxOutputTokens: 64000,
    sampling: "either",
    prefill: false,
    countsTokens: true,
  }),
  // Known, and not for batch: refusals on record or absence from the table (sources#batch-models).
  ...(
    [
      // That Opus 4, which has no card, is as its successor is unconfirmed.
      ["claude-opus-4-20250514-v1:0", "Claude Opus 4", false],
      ["claude-opus-4-1-20250805-v1:0", "Claude Opus 4.1", true],
    ] as const
  ).map(([id, name, countsTokens]) =>
    claude(id, name, {
      ...old,
      batch: false,
      profileRegions: list("us-east-1 us-east-2 us-west-2"),
      maxOutputTokens: 32000,
      countsTokens,
    }),
  ),
  ...(
    [
      ["claude-opus-4-7", "Claude Opus 4.7"],
      ["claude-opus-4-8", "Claude Opus 4.8"],
      ["claude-opus-5-5", "Claude Opus 5.5"],
      ["claude-sonnet-5", "Claude Sonnet 5"],
      ["claude-sonnet-5-5", "Claude Sonnet 5.5"],
      ["claude-haiku-5-5", "Claude Haiku 5.5"],
      ["claude-fable-5", "Claude Fable 5"],
      ["claude-fable-5-1", "Claude Fable 5.1"],
    ] as const
  ).map(([id, name]) =>
    claude(id, name, {
      batch: false,
      maxOutputTokens: 128000,
      sampling: "none",
      prefill: false,
      countsTokens: id === "claude-fable-5",
    }),
  ),
];

const nova = (id: string, name: string, quotaLabel: string, detail: Detail): Model =>
  make("Amazon", "amazon-nova", `amazon.${id}`, name, {
    input: ["TEXT", "IMAGE", "VIDEO"],
    quotaLabel,
    maxOutputTokens: 10000,
    ...detail,
  });

const amazon: readonly Model[] = [
  nova("nova-2-lite-v1:0", "Nova 2 Lite", "Nova 2 Lite", {
    profileRegions: sets.nova2,
    maxOutputTokens: 65535,
  }),
  nova("nova-lite-v1:0", "Nova Lite", "Nova Lite V1", {
    regions: list("me-central-1 us-east-1 us-gov-west-1"),
    profileRegions: sets.novaLite,
  }),
  nova("nova-micro-v1:0", "Nova Micro", "Nova Micro V1", {
    input: ["TEXT"],
    regions: list("us-east-1 us-gov-west-1"),
    profileRegions: sets.novaMicro,
  }),
  nova("nova-premier-v1:0", "Nova Premier", "Amazon Nova Premier", {
    ...old,
    profileRegions: list("us-east-1 us-east-2 us-west-2"),
    maxOutputTokens: 25000,
  }),
  nova("nova-pro-v1:0", "Nova Pro", "Nova Pro V1", {
    regions: list("ap-southeast-3 me-central-1 us-east-1 us-gov-west-1"),
    profileRegions: sets.novaPro,
  }),
  make("Amazon", "nova-embeddings", "amazon.nova-2-multimodal-embeddings-v1:0", "Nova Multimodal Embeddings", {
    input: ["TEXT", "IMAGE", "VIDEO", "SPEECH"],
    output: ["EMBEDDING"],
    regions: ["us-east-1"],
    quotaLabel: "Amazon Nova 2 Multimodal Embeddings V1",
  }),
  make("Amazon", "titan-multimodal-embeddings", "amazon.titan-embed-image-v1", "Titan Multimodal Embeddings G1", {
    input: ["TEXT", "IMAGE"],
    output: ["EMBEDDING"],
    regions: list(
      "ap-south-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-west-2",
    ),
    quotaLabel: "Titan Multimodal Embeddings G1",
  }),
  make("Amazon", "titan-text-embeddings", "amazon.titan-embed-text-v2:0", "Titan Text Embeddings V2", {
    output: ["EMBEDDING"],
    regions: list(
      "ap-northeast-1 ap-northeast-2 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-2 " +
        "sa-east-1 us-east-1 us-west-2",
    ),
    quotaLabel: "Titan Text Embeddings V2",
  }),
  make("Amazon", "titan-text-embeddings", "amazon.titan-embed-text-v1", "Titan Embeddings G1 - Text", {
    output: ["EMBEDDING"],
    batch: false,
    regions: list("ap-northeast-1 eu-central-1 us-east-1 us-west-2"),
  }),
  ...["nova-canvas-v1:0", "nova-reel-v1:0", "nova-sonic-v1:0"].map((id) =>
    make("Amazon", "unknown", `amazon.${id}`, id.replace("-v1:0", ""), {
      ...old,
      batch: false,
      regions: ["us-east-1"],
      output: ["IMAGE"],
    }),
  ),
];

const us2 = list("us-east-1 us-west-2");
const us3 = list("us-east-1 us-east-2 us-west-2");
const us4 = list("us-east-1 us-east-2 us-west-1 us-west-2");
const llamaEu = list("eu-central-1 eu-west-1 eu-west-3 us-east-1 us-west-2");
const llama = (id: string, name: string, regions: readonly string[], profileRegions: readonly string[]): Model =>
  make("Meta", "meta-llama", `meta.${id}-v1:0`, name, {
    regions,
    profileRegions,
    quotaLabel: name,
    maxOutputTokens: id.startsWith("llama4") ? 8192 : 2048,
    input: /llama4|11b|90b/.test(id) ? ["TEXT", "IMAGE"] : ["TEXT"],
    // Every card of a Llama says so, read 2026-11-30.
    ...old,
  });

const meta: readonly Model[] = [
  llama("llama3-1-8b-instruct", "Llama 3.1 8B Instruct", ["us-west-2"], us2),
  llama("llama3-1-70b-instruct", "Llama 3.1 70B Instruct", ["us-west-2"], us2),
  llama("llama3-1-405b-instruct", "Llama 3.1 405B Instruct", ["us-west-2"], []),
  llama("llama3-2-1b-instruct", "Llama 3.2 1B Instruct", [], llamaEu),
  llama("llama3-2-3b-instruct", "Llama 3.2 3B Instruct", [], llamaEu),
  llama("llama3-2-11b-instruct", "Llama 3.2 11B Instruct", [], us2),
  llama("llama3-2-90b-instruct", "Llama 3.2 90B Instruct", [], us2),
  llama("llama3-3-70b-instruct", "Llama 3.3 70B Instruct", ["us-east-2"], us3),
  llama("llama4-maverick-17b-instruct", "Llama 4 Maverick", [], us4),
  llama("llama4-scout-17b-instruct", "Llama 4 Scout", [], us4),
];

/** Ids of models that take images, by their cards. */
const seesImages = /-vl-|gemma|kimi-k(2\.5|3$)|mistral-large-3|ministral-3|magistral|nano-12b|gpt-5\.6/;
/** Ids of models whose cards say "Legacy"; of Cohere and AI21, which have no card that was read, AWS's page of lifecycles. */
const legacyIds =
  /qwen3-coder-(30b|480b)|deepseek\.v3-v1|kimi-k2-|glm-4\.7|minimax-m2(\.1)?$|gemma|nano-(9b|12b)|devstral|voxtral|command-r|jamba/;

const open = (
  provider: string,
  id: string,
  name: string,
  quotaLabel: string | undefined,
  regions: readonly string[],
  family: FamilyName = "openai-chat",
): Model =>
  make(provider, family, id, name, {
    regions,
    ...(quotaLabel === undefined ? { batch: false } : { quotaLabel }),
    input: seesImages.test(id) ? ["TEXT", "IMAGE"] : id.includes("voxtral") ? ["TEXT", "SPEECH"] : ["TEXT"],
    lifecycle: legacyIds.test(id) ? "LEGACY" : "ACTIVE",
  });

const { a7, a10, a13, b8, b10 } = sets;
const others: readonly Model[] = [
  open("DeepSeek", "deepseek.v3.2", "DeepSeek V3.2", "DeepSeek V3.2", b10),
  open("DeepSeek", "deepseek.v3-v1:0", "DeepSeek-V3.1", "DeepSeek v3", b8),
  open("Google", "google.gemma-3-4b-it", "Gemma 3 4B IT", "Gemma 3 4B", a10),
  open("Google", "google.gemma-3-12b-it", "Gemma 3 12B IT", "Gemma 3 12B", a10),
  open("Google", "google.gemma-3-27b-it", "Gemma 3 27B PT", "Gemma 3 27B", a10),
  open("MiniMax", "minimax.minimax-m2", "MiniMax M2", "MiniMax M2", a10),
  open("MiniMax", "minimax.minimax-m2.1", "MiniMax M2.1", "MiniMax M2.1", a13),
  open("Mistral AI", "mistral.devstral-2-123b", "Devstral 2 123B", "Devstral 2 123B", a13),
  open("Mistral AI", "mistral.magistral-small-2509", "Magistral Small", "Magistral Small 2509", a7),
  open("Mistral AI", "mistral.ministral-3-3b-instruct", "Ministral 3B", "Ministral 3B", a7),
  open("Mistral AI", "mistral.ministral-3-8b-instruct", "Ministral 3 8B", "Ministral 3 8B", a10),
  open("Mistral AI", "mistral.ministral-3-14b-instruct", "Ministral 14B 3.0", "Ministral 3 14B", a10),
  open("Mistral AI", "mistral.mistral-large-3-675b-instruct", "Mistral Large 3", "Mistral Large 3", a7),
  open("Mistral AI", "mistral.voxtral-mini-3b-2507", "Voxtral Mini 3B", "Voxtral Mini 3B 2507", a10),
  open("Mistral AI", "mistral.voxtral-small-24b-2507", "Voxtral Small 24B", "Voxtral Small 24B 2507", a10),
  open(
    "Mistral AI",
    "mistral.mistral-large-2407-v1:0",
    "Mistral Large",
    "Mistral Large 2 (24.07)",
    ["us-west-2"],
    "mistral-chat",
  ),
  open(
    "Mistral AI",
    "mistral.mistral-small-2402-v1:0",
    "Mistral Small",
    "Mistral Small",
    ["us-east-1"],
    "mistral-chat",
  ),
  open("Moonshot AI", "moonshot.kimi-k2-thinking", "Kimi K2 Thinking", "Kimi K2 Thinking", a7),
  open("Moonshot AI", "moonshotai.kimi-k2.5", "Kimi K2.5", "Kimi K2.5", b10),
  open("NVIDIA", "nvidia.nemotron-nano-9b-v2", "Nemotron Nano 9B v2", "NVIDIA Nemotron Nano 9B", a10),
  open("NVIDIA", "nvidia.nemotron-nano-12b-v2", "Nemotron Nano 12B v2", "NVIDIA Nemotron Nano 12B", a10),
  open("NVIDIA", "nvidia.nemotron-nano-3-30b", "Nemotron Nano 3 30B", "NVIDIA Nemotron Nano 3 30B", a10),
  open("OpenAI", "openai.gpt-oss-safeguard-20b", "GPT OSS Safeguard 20B", "OpenAI GPT OSS Safeguard 20b", a10),
  open("OpenAI", "openai.gpt-oss-safeguard-120b", "GPT OSS Safeguard 120B", "OpenAI GPT OSS Safeguard 120b", a10),
  open("OpenAI", "openai.gpt-oss-20b-1:0", "gpt-oss-20b", "OpenAI GPT OSS 20b", [...a13, "us-gov-west-1"]),
  open("OpenAI", "openai.gpt-oss-120b-1:0", "gpt-oss-120b", "OpenAI GPT OSS 120b", [...a13, "us-gov-west-1"]),
  open("Qwen", "qwen.qwen3-235b-a22b-2507-v1:0", "Qwen3 235B A22B 2507", "Qwen3 235B", [
    ...b8,
    "eu-central-1",
    "eu-south-1",
  ]),
  open("Qwen", "qwen.qwen3-32b-v1:0", "Qwen3 32B (dense)", "Qwen3 32B", a13),
  open("Qwen", "qwen.qwen3-coder-30b-a3b-v1:0", "Qwen3-Coder-30B-A3B", "Qwen3 Coder 30B", a13),
  open("Qwen", "qwen.qwen3-coder-480b-a35b-v1:0", "Qwen3 Coder 480B", "Qwen3 Coder 480B", b8),
  open(
    "Qwen",
    "qwen.qwen3-coder-next",
    "Qwen3 Coder Next",
    "Qwen3 Coder Next",
    list("ap-southeast-2 eu-west-2 us-east-1"),
  ),
  open("Qwen", "qwen.qwen3-next-80b-a3b", "Qwen3 Next 80B A3B", "Qwen3 Next 80B", a10),
  open("Qwen", "qwen.qwen3-vl-235b-a22b", "Qwen3 VL 235B A22B", "Qwen3 VL 235B", a10),
  open("Z.AI", "zai.glm-4.7", "GLM 4.7", "GLM 4.7", b10),
  open("Z.AI", "zai.glm-4.7-flash", "GLM 4.7 Flash", "GLM 4.7 Flash", a13),
  // Without batch: refused on record or not in the table.
  open("Z.AI", "zai.glm-5", "GLM 5", undefined, [...b10, "ap-southeast-4"]),
  open("MiniMax", "minimax.minimax-m2.5", "MiniMax M2.5", undefined, [...a13, "ap-southeast-4"]),
  open(
    "NVIDIA",
    "nvidia.nemotron-super-3-120b",
    "NVIDIA Nemotron 3 Super 120B",
    undefined,
    list(
      "ap-northeast-1 ap-southeast-2 ap-southeast-4 eu-south-1 eu-west-1 eu-west-2 sa-east-1 us-east-1 us-east-2 us-gov-west-1 " +
        "us-west-2",
    ),
  ),
  open("Moonshot AI", "moonshotai.kimi-k3", "Kimi K3", undefined, []),
  open("OpenAI", "openai.gpt-5.6-sol", "GPT-5.6 Sol", undefined, []),
  ...[
    ["cohere.embed-english-v3", "Embed English"] as const,
    ["cohere.embed-multilingual-v3", "Embed Multilingual"] as const,
    ["cohere.embed-v4:0", "Embed v4"] as const,
  ].map(([id, name]) => ({
    ...open("Cohere", id, name, undefined, list("us-east-1 us-west-2"), "cohere-embed"),
    output: ["EMBEDDING"] as const,
  })),
  open("Cohere", "cohere.command-r-plus-v1:0", "Command R+", undefined, list("us-east-1 us-west-2"), "unknown"),
  open("AI21 Labs", "ai21.jamba-1-5-large-v1:0", "Jamba 1.5 Large", undefined, ["us-east-1"], "unknown"),
];

/** Every model that the service knows. */
export const catalogue: readonly Model[] = [...anthropic, ...amazon, ...meta, ...others];

const byId = new Map(catalogue.map((model) => [model.id, model]));

/** The model of a bare id, or undefined. */
export function findModel(id: string): Model | undefined {
  return byId.get(id);
}
