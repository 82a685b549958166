/** Nova Multimodal Embeddings of texts and pictures (sources#request-bodies). A picture's bytes are its words. No token field is known in its answer. */
import { type EmbeddingFamily, isObject, memberOf } from "../family.ts";
import { checkKeys, sayMalformed } from "./malformed.ts";

const dimensions = [256, 384, 1024, 3072];

type Body = { readonly [name: string]: unknown };

const textOf = (body: Body): unknown => memberOf(memberOf(body, "singleEmbeddingParams"), "text")["value"];
const imageOf = (body: Body): unknown =>
  memberOf(memberOf(memberOf(body, "singleEmbeddingParams"), "image"), "source")["bytes"];

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
    const [text, image] = [textOf(body), imageOf(body)];
    if (body["taskType"] !== "SINGLE_EMBEDDING" || (typeof text !== "string" && typeof image !== "string"))
      return "The local service builds SINGLE_EMBEDDING of a text value or an image's bytes only.";
    if (text !== undefined && image !== undefined)
      return sayMalformed(["#/singleEmbeddingParams: exactly one of text, image, video, audio must be present"]);
    return undefined;
  },
  readText: (body) => String(textOf(body) ?? imageOf(body)).slice(0, 4096),
  readDimensions: (body) =>
    (memberOf(body, "singleEmbeddingParams")["embeddingDimension"] as number | undefined) ?? 3072,
  writeVector: (vector, _, body) =>
    `{"embeddings":[{"embedding":${JSON.stringify(vector)},"embeddingType":"${textOf(body) === undefined ? "IMAGE" : "TEXT"}"}]}`,
};
