/**
 * Data: what the cards of the open models say of their context and their end, read 2026-11-30:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-qwen-qwen3-32b.html and its neighbours.
 *
 * Their cards give a limit of output as well. It is not taken: it is not known to be enforced (a Nova model's card says 5,000, the
 * service takes 10,000), and some are too low to be meant so: 4,000 of GLM 4.7, which thinks first.
 */
import { defined } from "../../foundation/defined.ts";
import type { CatalogueEntry } from "../catalogue-model.ts";

type CardFacts = Pick<CatalogueEntry, "contextTokens" | "endOfLife" | "successor" | "structuredUnsupported">;

const reads = (contextTokens: number): CardFacts => ({ contextTokens });

/** Without structured outputs, which most of these models have by their cards. */
const readsUnshaped = (contextTokens: number): CardFacts => ({ contextTokens, structuredUnsupported: true });

/** Legacy, as the cards say; "new customers can't use legacy models". AWS names no successors: `unconfirmed`. */
const legacy = (contextTokens: number, successor?: string): CardFacts => ({
  contextTokens,
  endOfLife: "2027-03-30",
  ...defined({ successor }),
});

/** By the model's id. */
export const openModelCards: Readonly<Record<string, CardFacts>> = {
  "openai.gpt-oss-20b-1:0": reads(128_000),
  "openai.gpt-oss-120b-1:0": reads(128_000),
  "openai.gpt-oss-safeguard-20b": reads(128_000),
  "openai.gpt-oss-safeguard-120b": reads(128_000),
  "openai.gpt-5.6-sol": readsUnshaped(1_000_000),
  "qwen.qwen3-32b-v1:0": reads(32_000),
  "qwen.qwen3-235b-a22b-2507-v1:0": reads(256_000),
  "qwen.qwen3-coder-30b-a3b-v1:0": legacy(256_000, "qwen3-coder-next"),
  "qwen.qwen3-coder-480b-a35b-v1:0": legacy(128_000, "qwen3-coder-next"),
  "qwen.qwen3-coder-next": reads(256_000),
  "qwen.qwen3-next-80b-a3b": reads(256_000),
  "qwen.qwen3-vl-235b-a22b": readsUnshaped(256_000),
  "deepseek.v3.2": reads(164_000),
  "deepseek.v3-v1:0": legacy(128_000, "deepseek-v3.2"),
  "moonshot.kimi-k2-thinking": legacy(256_000, "kimi-k2.5"),
  "moonshotai.kimi-k2.5": reads(256_000),
  "moonshotai.kimi-k3": reads(1_000_000),
  // The newer GLM and MiniMax are not listed for batch: models of another make, of about the same price.
  "zai.glm-4.7": legacy(203_000, "deepseek-v3.2"),
  "zai.glm-4.7-flash": legacy(203_000, "gpt-oss-20b"),
  "zai.glm-5": reads(200_000),
  "minimax.minimax-m2": legacy(1_000_000, "gpt-oss-120b"),
  "minimax.minimax-m2.1": legacy(196_000, "gpt-oss-120b"),
  "minimax.minimax-m2.5": reads(196_000),
  "google.gemma-3-4b-it": legacy(128_000, "ministral-3b"),
  "google.gemma-3-12b-it": legacy(128_000, "ministral-8b"),
  "google.gemma-3-27b-it": legacy(128_000, "ministral-14b"),
  "nvidia.nemotron-nano-9b-v2": legacy(128_000, "nemotron-nano-3-30b"),
  "nvidia.nemotron-nano-12b-v2": legacy(128_000, "nemotron-nano-3-30b"),
  "nvidia.nemotron-nano-3-30b": reads(256_000),
  "nvidia.nemotron-super-3-120b": reads(256_000),
  "mistral.mistral-large-3-675b-instruct": reads(256_000),
  "mistral.ministral-3-3b-instruct": reads(128_000),
  "mistral.ministral-3-8b-instruct": reads(128_000),
  "mistral.ministral-3-14b-instruct": reads(128_000),
  "mistral.magistral-small-2509": reads(128_000),
  "mistral.devstral-2-123b": legacy(256_000, "mistral-large-3"),
  // No other model takes speech in batch.
  "mistral.voxtral-mini-3b-2507": legacy(32_000),
  "mistral.voxtral-small-24b-2507": legacy(32_000),
  "mistral.mistral-small-2402-v1:0": readsUnshaped(32_000),
};
