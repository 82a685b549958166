import { type JsonObject, memberOf } from "../body-summary.ts";
import type { Family } from "../family.ts";
import { findEmbeddingProblems } from "./embedding-parameters.ts";

const label = "Titan Multimodal Embeddings G1";
const dimensions = [256, 384, 1024];

/**
 * Titan Multimodal Embeddings G1: of a text, a picture, or the mean of both.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html
 */
export const titanMultimodalEmbeddings: Family = {
  name: "titan-multimodal-embeddings",
  label,
  kind: "embedding",
  vendors: [],
  makeBody: (text, { parameters }) => ({
    inputText: text,
    embeddingConfig: { outputEmbeddingLength: parameters.dimensions ?? 1024 },
  }),
  media: {
    writeText: (text) => `"inputText":${JSON.stringify(text)}`,
    writeMedia: ({ data }) => `"inputImage":${JSON.stringify(data)}`,
    isSingle: true,
  },
  findProblems: (request) => findEmbeddingProblems(request, label, dimensions),
  keys: { required: [], optional: ["inputText", "inputImage", "embeddingConfig"] },
  turns: "any",
  inspectBody(body: JsonObject) {
    const { outputEmbeddingLength: asked } = memberOf(body, "embeddingConfig") as Record<string, unknown>;
    const problems = [
      ...(body["inputText"] === undefined && body["inputImage"] === undefined
        ? ["it has neither `inputText` nor `inputImage`"]
        : []),
      ...(asked === undefined || dimensions.includes(asked as number)
        ? []
        : [`\`outputEmbeddingLength\` has to be one of ${dimensions.join(", ")}`]),
    ];
    return {
      maxTokens: undefined,
      temperature: undefined,
      topP: undefined,
      turns: undefined,
      dimensions: asked ?? 1024,
      problems,
    };
  },
  answer: {
    type: "STRUCT(embedding FLOAT[], inputTextTokenCount BIGINT, message VARCHAR)",
    text: "o.message",
    vector: "o.embedding",
    stopReason: "NULL::VARCHAR",
    inputTokens: "o.inputTextTokenCount",
    outputTokens: "CASE WHEN o.inputTextTokenCount IS NOT NULL THEN 0 END::BIGINT",
    wholeReasons: undefined,
    truncatedReasons: [],
    refusedReasons: [],
  },
};
