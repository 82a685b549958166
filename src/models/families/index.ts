import type { InvocationType } from "../../foundation/types/index.ts";
import type { Family } from "../family.ts";
import { amazonNova } from "./amazon-nova.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { converse } from "./converse.ts";
import { metaLlama } from "./meta-llama.ts";
import { mistralChat } from "./mistral-chat.ts";
import { novaEmbeddings } from "./nova-embeddings.ts";
import { openaiChat } from "./openai-chat.ts";
import { titanMultimodalEmbeddings } from "./titan-multimodal-embeddings.ts";
import { titanTextEmbeddings } from "./titan-text-embeddings.ts";

/** Every family of models, by the name that `--family` takes. */
export const families: ReadonlyMap<string, Family> = new Map(
  [
    anthropicMessages,
    amazonNova,
    metaLlama,
    mistralChat,
    openaiChat,
    titanTextEmbeddings,
    titanMultimodalEmbeddings,
    novaEmbeddings,
  ].map((family) => [family.name, family]),
);

/** The family whose vendor prefix a base id has, or undefined. Embedding models of a vendor are told by their names. */
export function findFamilyOf(baseId: string): Family | undefined {
  const vendor = /^([a-z0-9]+)\./.exec(baseId)?.[1];
  if (vendor === undefined) return undefined;
  if (baseId.startsWith("amazon.titan-embed-text")) return titanTextEmbeddings;
  if (baseId.startsWith("amazon.titan-embed-image")) return titanMultimodalEmbeddings;
  if (/^amazon\..*embed/.test(baseId)) return novaEmbeddings;
  if (/^amazon\.(?!nova)/.test(baseId) || /embed/.test(baseId)) return undefined;
  return [...families.values()].find(({ vendors }) => vendors.includes(vendor));
}

/** What writes and reads the requests of a model: its own family, or Converse for any text model; undefined for neither. */
export function findRequestFamily(familyName: string, invocation: InvocationType): Family | undefined {
  const own = families.get(familyName);
  if (invocation === "InvokeModel" || own === undefined) return own;
  return own.kind === "text" ? converse : undefined;
}
