/** Nova Multimodal Embeddings, text only (sources#request-bodies). No token field is known in its answer. */
import { type EmbeddingFamily, isObject, memberOf } from "../family.ts";
import { checkKeys, sayMalformed } from "./malformed.ts";

const dimensions = [256, 384, 1024, 3072];

const textOf = (body: { readonly [name: string]: unknown }): unknown =>
  memberOf(memberOf(body, "singleEmbeddingParams"), "text")["value"];

export const novaEmbeddings: EmbeddingFamily = {
  kind: "embedding",
  findProblem(body) {
    const params = body["singleEmbeddingParams"];
    const missing = isObject(params) ? checkKeys(params, { required: ["embeddingPurpose"] }) : [];
    const dimension = isObject(params) ? params["embeddingDimension"] : undefined;
    const malformed = sayMalformed([
      ...checkKeys(body, {
        required: ["taskType"],
        optional: ["schemaVersion", "singleEmbeddingParams", "segmentedEmbeddingParams"],
      }),
      ...(isObject(params) ? missing.map((problem) => problem.replace("#:", "#/singleEmbeddingParams:")) : []),
      ...(dimension === undefined || dimensions.includes(dimension as number)
        ? []
        : [`#/singleEmbeddingParams/embeddingDimension: ${JSON.stringify(dimension)} is not a valid enum value`]),
    ]);
    if (malformed !== undefined) return malformed;
    if (body["taskType"] !== "SINGLE_EMBEDDING" || typeof textOf(body) !== "string") {
      return "The local service builds SINGLE_EMBEDDING of a text value only.";
    }
    return undefined;
  },
  readText: (body) => textOf(body) as string,
  readDimensions: (body) =>
    (memberOf(body, "singleEmbeddingParams")["embeddingDimension"] as number | undefined) ?? 3072,
  writeVector: (vector) => `{"embeddings":[{"embedding":${JSON.stringify(vector)},"embeddingType":"TEXT"}]}`,
};
