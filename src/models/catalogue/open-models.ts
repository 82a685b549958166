/**
 * Data: models of open weights and their like; most run in their region, without a profile. Facts: pages of batch models and prices,
 * read 2026-11-21; model cards, read 2026-11-30.
 */
import { type CatalogueEntry, type PriceSource, price, priceSources } from "../catalogue-model.ts";
import { openModelCards } from "./open-model-cards.ts";
import { regionSets } from "./regions.ts";

const { a7, a10, a13, b8, b10 } = regionSets;
const { page, field, card } = priceSources;

/** Dollars for a million tokens: on demand in and out, then in batch. */
type PriceRow = readonly [inUsd: number, outUsd: number, batchInUsd?: number, batchOutUsd?: number];

type Detail = Partial<
  Pick<CatalogueEntry, "family" | "reasons" | "quotaLabel" | "batch" | "successor" | "globalPrices" | "longPrompts">
> & {
  readonly priced?: PriceSource;
};

function open(
  alias: string,
  label: string,
  id: string,
  regions: readonly string[],
  prices: PriceRow | undefined,
  { priced = page, ...detail }: Detail = {},
): CatalogueEntry {
  const [inUsd, outUsd, batchInUsd, batchOutUsd] = prices ?? [];
  const onDemand = inUsd === undefined || outUsd === undefined ? {} : { onDemand: price(inUsd, outUsd) };
  const batch = batchInUsd === undefined || batchOutUsd === undefined ? {} : { batch: price(batchInUsd, batchOutUsd) };
  return {
    alias,
    label,
    id,
    family: "openai-chat",
    batch: "yes",
    regions,
    profileRegions: [],
    ...(prices === undefined ? {} : { geoPrices: { ...onDemand, ...batch }, priced }),
    ...openModelCards[id],
    ...detail,
  };
}

const thinks = { reasons: true } as const;
const mistralChat = { family: "mistral-chat" } as const;
const measured = { priced: field } as const;
const noBatch = { batch: "no" } as const;
const unlisted = { batch: "unlisted" } as const;

/** Models of open weights. */
export const openModels: readonly CatalogueEntry[] = [
  // gpt-oss: reasoning in `<reasoning>` tags (AWS's page of its parameters). The safeguard models are of the same make.
  open("gpt-oss-20b", "gpt-oss-20b", "openai.gpt-oss-20b-1:0", [...a13, "us-gov-west-1"], [0.07, 0.3, 0.035, 0.15], {
    ...thinks,
    ...measured,
    quotaLabel: "OpenAI GPT OSS 20b",
  }),
  open("gpt-oss-120b", "gpt-oss-120b", "openai.gpt-oss-120b-1:0", [...a13, "us-gov-west-1"], [0.15, 0.6, 0.075, 0.3], {
    ...thinks,
    ...measured,
    quotaLabel: "OpenAI GPT OSS 120b",
  }),
  open("gpt-oss-safeguard-20b", "gpt-oss-safeguard-20b", "openai.gpt-oss-safeguard-20b", a10, [0.07, 0.2], {
    ...thinks,
    quotaLabel: "OpenAI GPT OSS Safeguard 20b",
  }),
  open("gpt-oss-safeguard-120b", "gpt-oss-safeguard-120b", "openai.gpt-oss-safeguard-120b", a10, [0.15, 0.6], {
    ...thinks,
    quotaLabel: "OpenAI GPT OSS Safeguard 120b",
  }),
  open("qwen3-32b", "Qwen3 32B", "qwen.qwen3-32b-v1:0", a13, [0.15, 0.6, 0.075, 0.3], thinks),
  open(
    "qwen3-235b",
    "Qwen3 235B",
    "qwen.qwen3-235b-a22b-2507-v1:0",
    [...b8, "eu-central-1", "eu-south-1"],
    [0.22, 0.88, 0.11, 0.44],
  ),
  open("qwen3-coder-30b", "Qwen3 Coder 30B", "qwen.qwen3-coder-30b-a3b-v1:0", a13, [0.15, 0.6, 0.075, 0.3]),
  open("qwen3-coder-480b", "Qwen3 Coder 480B", "qwen.qwen3-coder-480b-a35b-v1:0", b8, [0.45, 1.8, 0.225, 0.9]),
  open(
    "qwen3-coder-next",
    "Qwen3 Coder Next",
    "qwen.qwen3-coder-next",
    ["ap-southeast-2", "eu-west-2", "us-east-1"],
    undefined,
  ),
  open("qwen3-next-80b", "Qwen3 Next 80B", "qwen.qwen3-next-80b-a3b", a10, [0.15, 1.2, 0.07, 0.6], measured),
  open("qwen3-vl-235b", "Qwen3 VL 235B", "qwen.qwen3-vl-235b-a22b", a10, undefined),
  open("deepseek-v3.2", "DeepSeek V3.2", "deepseek.v3.2", b10, [0.62, 1.85, 0.31, 0.925], { ...thinks, ...measured }),
  open("deepseek-v3.1", "DeepSeek V3.1", "deepseek.v3-v1:0", b8, [0.58, 1.68], {
    ...thinks,
    quotaLabel: "DeepSeek v3",
  }),
  open("kimi-k2-thinking", "Kimi K2 Thinking", "moonshot.kimi-k2-thinking", a7, [0.6, 2.5, 0.3, 1.25], {
    ...thinks,
    ...measured,
  }),
  open("kimi-k2.5", "Kimi K2.5", "moonshotai.kimi-k2.5", b10, [0.6, 3, 0.3, 1.5], { ...thinks, ...measured }),
  open("glm-4.7", "GLM 4.7", "zai.glm-4.7", b10, [0.6, 2.2, 0.3, 1.1], { ...thinks, ...measured }),
  open("glm-4.7-flash", "GLM 4.7 Flash", "zai.glm-4.7-flash", a13, [0.07, 0.4, 0.035, 0.2], { ...thinks, ...measured }),
  open("minimax-m2", "MiniMax M2", "minimax.minimax-m2", a10, [0.3, 1.2], thinks),
  open("minimax-m2.1", "MiniMax M2.1", "minimax.minimax-m2.1", a13, [0.3, 1.2, 0.15, 0.6], { ...thinks, ...measured }),
  open("gemma-3-4b", "Gemma 3 4B", "google.gemma-3-4b-it", a10, [0.04, 0.08]),
  // Two of Gemma's discounts are not half: input 0.05 of 0.09, and 0.12 of 0.23.
  open("gemma-3-12b", "Gemma 3 12B", "google.gemma-3-12b-it", a10, [0.09, 0.29, 0.05, 0.15], measured),
  open("gemma-3-27b", "Gemma 3 27B", "google.gemma-3-27b-it", a10, [0.23, 0.38, 0.12, 0.19], measured),
  open("nemotron-nano-9b", "NVIDIA Nemotron Nano 9B", "nvidia.nemotron-nano-9b-v2", a10, [0.06, 0.23], thinks),
  open("nemotron-nano-12b", "NVIDIA Nemotron Nano 12B", "nvidia.nemotron-nano-12b-v2", a10, [0.2, 0.6], thinks),
  open(
    "nemotron-nano-3-30b",
    "NVIDIA Nemotron Nano 3 30B",
    "nvidia.nemotron-nano-3-30b",
    a10,
    [0.06, 0.24, 0.03, 0.12],
    {
      ...thinks,
      ...measured,
    },
  ),
  open(
    "mistral-large-3",
    "Mistral Large 3",
    "mistral.mistral-large-3-675b-instruct",
    a7,
    [0.5, 1.5, 0.25, 0.75],
    measured,
  ),
  open("ministral-3b", "Ministral 3B", "mistral.ministral-3-3b-instruct", a7, [0.1, 0.1]),
  open("ministral-8b", "Ministral 3 8B", "mistral.ministral-3-8b-instruct", a10, [0.15, 0.15, 0.07, 0.07], measured),
  open("ministral-14b", "Ministral 3 14B", "mistral.ministral-3-14b-instruct", a10, [0.2, 0.2, 0.1, 0.1], measured),
  open("magistral-small", "Magistral Small 2509", "mistral.magistral-small-2509", a7, [0.5, 1.5], thinks),
  open("devstral-2", "Devstral 2 123B", "mistral.devstral-2-123b", a13, [0.4, 2]),
  open("voxtral-mini", "Voxtral Mini 3B 2507", "mistral.voxtral-mini-3b-2507", a10, [0.04, 0.04]),
  open("voxtral-small", "Voxtral Small 24B 2507", "mistral.voxtral-small-24b-2507", a10, [0.1, 0.3]),
  open(
    "mistral-large-2",
    "Mistral Large 2 (24.07)",
    "mistral.mistral-large-2407-v1:0",
    ["us-west-2"],
    undefined,
    mistralChat,
  ),
  open("mistral-small", "Mistral Small", "mistral.mistral-small-2402-v1:0", ["us-east-1"], undefined, mistralChat),
  // Three ids of Kimi K3 were probed and refused (2026-09-22), GPT-5.6 Sol likewise (2026-08). Both have no region of their own.
  open("kimi-k3", "Kimi K3", "moonshotai.kimi-k3", [], [3.3, 16.5], {
    ...noBatch,
    ...thinks,
    globalPrices: { onDemand: price(3, 15) },
    priced: card,
    successor: "kimi-k2.5",
  }),
  // On demand it takes Converse, not InvokeModel (card): a prompt of it says `invocation: converse`.
  open("gpt-5.6-sol", "GPT-5.6 Sol", "openai.gpt-5.6-sol", [], [4.4, 22], {
    ...noBatch,
    ...thinks,
    globalPrices: { onDemand: price(4, 20) },
    // Then the input costs twice as much, and the output one and a half times: the greater of the two stands for both.
    longPrompts: { fromTokens: 272_000, factor: 2 },
    priced: card,
    successor: "gpt-oss-120b",
  }),
  // Quota rows of batch exist for these, but the page of batch models does not list them. Regions: their cards.
  open("glm-5", "GLM 5", "zai.glm-5", [...b10, "ap-southeast-4"], undefined, unlisted),
  open("minimax-m2.5", "MiniMax M2.5", "minimax.minimax-m2.5", [...a13, "ap-southeast-4"], undefined, unlisted),
  open(
    "nemotron-3-super",
    "NVIDIA Nemotron 3 Super 120B",
    "nvidia.nemotron-super-3-120b",
    [...a10.filter((region) => region !== "ap-south-1"), "ap-southeast-4", "us-gov-west-1"],
    undefined,
    { ...unlisted, quotaLabel: "NVIDIA Nemotron 3 Super 120B A12B" },
  ),
];
