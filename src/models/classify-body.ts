import { isObject, type JsonObject } from "./body-summary.ts";

/**
 * Which families a ready body can be of, the likeliest first: a body does not name its family, and several share their
 * members. `converse` is one of them. Empty for none that is known.
 */
export function classifyBody(body: JsonObject): readonly string[] {
  const has = (...names: string[]): boolean => names.some((name) => name in body);
  if (has("anthropic_version")) return ["anthropic-messages"];
  if (has("taskType", "singleEmbeddingParams", "segmentedEmbeddingParams")) return ["nova-embeddings"];
  if (has("inputImage", "embeddingConfig")) return ["titan-multimodal-embeddings"];
  if (has("inputText")) return ["titan-text-embeddings", "titan-multimodal-embeddings"];
  if (has("max_gen_len")) return ["meta-llama"];
  if (has("prompt")) return ["meta-llama", "mistral-chat"];
  if (has("schemaVersion")) return ["amazon-nova"];
  if (has("inferenceConfig")) {
    const config = isObject(body["inferenceConfig"]) ? body["inferenceConfig"] : {};
    return "max_new_tokens" in config || "topK" in config ? ["amazon-nova"] : ["converse", "amazon-nova"];
  }
  if (has("additionalModelRequestFields", "guardrailConfig", "outputConfig", "performanceConfig")) return ["converse"];
  const chats = ["openai-chat", "mistral-chat"];
  if (has("max_completion_tokens", "response_format", "frequency_penalty", "n")) return ["openai-chat"];
  if (!Array.isArray(body["messages"])) return [];
  const contents = (body["messages"] as unknown[]).filter(isObject).map(({ content }) => content);
  if (contents.some((content) => typeof content === "string")) {
    return "max_tokens" in body || "temperature" in body ? [...chats, "anthropic-messages"] : chats;
  }
  const blocks = contents.flatMap((content) => (Array.isArray(content) ? (content as unknown[]) : [])).filter(isObject);
  if (blocks.some((block) => "type" in block)) return ["anthropic-messages", "openai-chat"];
  return ["converse", "amazon-nova"];
}
