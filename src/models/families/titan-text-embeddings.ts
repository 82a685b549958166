import type { JsonObject } from "../body-summary.ts";
import type { Family } from "../family.ts";
import { findEmbeddingProblems } from "./embedding-parameters.ts";

const label = "Titan Text Embeddings V2";
const dimensions = [256, 512, 1024];
/** Letters of a text: AWS's page of its parameters, read 2026-11-21. */
const maxLetters = 50_000;

/**
 * Titan Text Embeddings V2.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
 */
export const titanTextEmbeddings: Family = {
  name: "titan-text-embeddings",
  label,
  kind: "embedding",
  vendors: [],
  makeBody: (text, { parameters }) => ({
    inputText: text,
    dimensions: parameters.dimensions ?? 1024,
    normalize: true,
    embeddingTypes: ["float"],
  }),
  findProblems: (request) => findEmbeddingProblems(request, label, dimensions),
  keys: { required: ["inputText"], optional: ["dimensions", "normalize", "embeddingTypes"] },
  turns: "any",
  inspectBody(body: JsonObject) {
    const { inputText, dimensions: asked } = body as Record<string, unknown>;
    const problems = [
      ...(inputText === undefined || typeof inputText === "string" ? [] : ["`inputText` has to be a text"]),
      ...(typeof inputText === "string" && inputText === "" ? ["`inputText` is empty"] : []),
      ...(typeof inputText === "string" && inputText.length > maxLetters
        ? [`\`inputText\` has ${inputText.length} letters; the model takes ${maxLetters}`]
        : []),
      ...(asked === undefined || dimensions.includes(asked as number)
        ? []
        : [`\`dimensions\` has to be one of ${dimensions.join(", ")}`]),
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
    type: 'STRUCT(embedding FLOAT[], embeddingsByType STRUCT("float" FLOAT[]), inputTextTokenCount BIGINT)',
    text: "NULL::VARCHAR",
    vector: 'coalesce(o.embedding, o.embeddingsByType."float")',
    stopReason: "NULL::VARCHAR",
    inputTokens: "o.inputTextTokenCount",
    outputTokens: "CASE WHEN o.inputTextTokenCount IS NOT NULL THEN 0 END::BIGINT",
    wholeReasons: undefined,
    truncatedReasons: [],
    refusedReasons: [],
  },
};
