import { type JsonObject, memberOf } from "../body-summary.ts";
import type { Family } from "../family.ts";
import { findEmbeddingProblems } from "./embedding-parameters.ts";

const label = "Nova Multimodal Embeddings";
const dimensions = [256, 384, 1024, 3072];

/**
 * Nova Multimodal Embeddings, of a text or a picture. No token field is known in its answer: what a record cost is not known.
 * @see https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html
 */
export const novaEmbeddings: Family = {
  name: "nova-embeddings",
  label,
  kind: "embedding",
  vendors: [],
  makeBody: (text, { parameters }) => ({
    schemaVersion: "nova-multimodal-embed-v1",
    taskType: "SINGLE_EMBEDDING",
    singleEmbeddingParams: {
      embeddingPurpose: "GENERIC_INDEX",
      embeddingDimension: parameters.dimensions ?? 1024,
      text: { truncationMode: "END", value: text },
    },
  }),
  media: {
    writeText: (text) => `"text":${JSON.stringify({ truncationMode: "END", value: text })}`,
    writeMedia: ({ format, data }) =>
      `"image":${JSON.stringify({ detailLevel: "STANDARD_IMAGE", format, source: { bytes: data } })}`,
    isSingle: true,
    isEither: true,
  },
  findProblems: (request) => findEmbeddingProblems(request, label, dimensions),
  keys: {
    required: ["taskType"],
    optional: ["schemaVersion", "singleEmbeddingParams", "segmentedEmbeddingParams"],
  },
  turns: "any",
  inspectBody(body: JsonObject) {
    const { embeddingPurpose, embeddingDimension } = memberOf(body, "singleEmbeddingParams") as Record<string, unknown>;
    const isSingle = body["taskType"] === "SINGLE_EMBEDDING";
    const problems = [
      ...(isSingle && embeddingPurpose === undefined ? ["`singleEmbeddingParams.embeddingPurpose` is missing"] : []),
      ...(embeddingDimension === undefined || dimensions.includes(embeddingDimension as number)
        ? []
        : [`\`embeddingDimension\` has to be one of ${dimensions.join(", ")}`]),
    ];
    return {
      maxTokens: undefined,
      temperature: undefined,
      topP: undefined,
      turns: undefined,
      dimensions: embeddingDimension ?? 3072,
      problems,
    };
  },
  answer: {
    type: "STRUCT(embeddings STRUCT(embeddingType VARCHAR, embedding FLOAT[])[])",
    text: "NULL::VARCHAR",
    vector: "o.embeddings[1].embedding",
    stopReason: "NULL::VARCHAR",
    inputTokens: "NULL::BIGINT",
    outputTokens: "NULL::BIGINT",
    wholeReasons: undefined,
    truncatedReasons: [],
    refusedReasons: [],
  },
};
