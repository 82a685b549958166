/** Titan Multimodal Embeddings G1 (sources#request-bodies, UG:model-parameters-titan-embed-mm). An image's bytes are its words. */
import { type EmbeddingFamily, memberOf } from "../family.ts";
import { checkKeys, checkKind, sayMalformed } from "./malformed.ts";

const lengths = [256, 384, 1024];

export const titanMultimodalEmbeddings: EmbeddingFamily = {
  kind: "embedding",
  findProblem(body) {
    const length = memberOf(body, "embeddingConfig")["outputEmbeddingLength"];
    const malformed = sayMalformed([
      ...checkKeys(body, { required: [], optional: ["inputText", "inputImage", "embeddingConfig"] }),
      ...checkKind("#/inputText", body["inputText"], "String"),
      ...checkKind("#/inputImage", body["inputImage"], "String"),
      ...(length === undefined || lengths.includes(length as number)
        ? []
        : [`#/embeddingConfig/outputEmbeddingLength: ${JSON.stringify(length)} is not a valid enum value`]),
    ]);
    if (malformed !== undefined) return malformed;
    if (!body["inputText"] && !body["inputImage"]) return "At least one of inputText and inputImage must be given."; // unconfirmed
    return undefined;
  },
  readText: (body) =>
    `${(body["inputText"] as string | undefined) ?? ""} ${((body["inputImage"] as string | undefined) ?? "").slice(0, 4096)}`.trim(),
  readDimensions: (body) => (memberOf(body, "embeddingConfig")["outputEmbeddingLength"] as number | undefined) ?? 1024,
  writeVector: (vector, inputTokens, body) =>
    `{"embedding":${JSON.stringify(vector)},"inputTextTokenCount":${body["inputText"] === undefined ? 0 : inputTokens},"message":null}`,
};
