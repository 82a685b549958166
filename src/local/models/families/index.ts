/** The families that are built, by name. */
import type { Family } from "../family.ts";
import type { FamilyName } from "../model.ts";
import { amazonNova } from "./amazon-nova.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { cohereEmbed } from "./cohere-embed.ts";
import { converse } from "./converse.ts";
import { metaLlama } from "./meta-llama.ts";
import { mistralChat } from "./mistral-chat.ts";
import { novaEmbeddings } from "./nova-embeddings.ts";
import { openaiChat } from "./openai-chat.ts";
import { titanMultimodalEmbeddings } from "./titan-multimodal-embeddings.ts";
import { titanTextEmbeddings } from "./titan-text-embeddings.ts";

const families: Readonly<Partial<Record<FamilyName, Family>>> = {
  "anthropic-messages": anthropicMessages,
  "amazon-nova": amazonNova,
  "meta-llama": metaLlama,
  "mistral-chat": mistralChat,
  "openai-chat": openaiChat,
  "titan-text-embeddings": titanTextEmbeddings,
  "titan-multimodal-embeddings": titanMultimodalEmbeddings,
  "nova-embeddings": novaEmbeddings,
  "cohere-embed": cohereEmbed,
  converse,
};

/** The family of that name, or undefined where its body is not built here. */
export const findFamily = (name: FamilyName): Family | undefined => families[name];
