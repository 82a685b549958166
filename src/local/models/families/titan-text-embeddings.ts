/** Titan Text Embeddings V2, and G1 without a choice of dimensions (sources#request-bodies; answer: sources#output-lines). */
import { type EmbeddingFamily, stringsOf } from "../family.ts";
import { checkKeys, checkKind, sayMalformed } from "./malformed.ts";

const maxChars = 50_000;
const dimensions = [256, 512, 1024];
const types = ["float", "binary"];
const g1 = "amazon.titan-embed-text-v1";

const isOneOf = (place: string, value: unknown, allowed: readonly unknown[]): string[] =>
  value === undefined || allowed.includes(value)
    ? []
    : [`${place}: ${JSON.stringify(value)} is not a valid enum value`];

export const titanTextEmbeddings: EmbeddingFamily = {
  kind: "embedding",
  findProblem(body, model) {
    const { inputText } = body as Record<string, unknown>;
    const optional = model.id === g1 ? [] : ["dimensions", "normalize", "embeddingTypes"];
    const length = typeof inputText === "string" ? inputText.length : 1;
    return sayMalformed([
      ...checkKeys(body, { required: ["inputText"], optional }),
      ...checkKind("#/inputText", inputText, "String"),
      ...(length === 0 ? ["#/inputText: expected minLength: 1, actual: 0"] : []),
      ...(length > maxChars ? [`#/inputText: expected maxLength: ${maxChars}, actual: ${length}`] : []),
      ...isOneOf("#/dimensions", body["dimensions"], dimensions),
      ...stringsOf(body["embeddingTypes"]).flatMap((type, at) => isOneOf(`#/embeddingTypes/${at}`, type, types)),
    ]);
  },
  readText: (body) => body["inputText"] as string,
  readDimensions: (body, model) =>
    model.id === g1 ? 1536 : typeof body["dimensions"] === "number" ? body["dimensions"] : 1024,
  writeVector(vector, inputTokens, body, model) {
    const floats = JSON.stringify(vector);
    if (model.id === g1) return `{"embedding":${floats},"inputTextTokenCount":${inputTokens}}`;
    const wanted = stringsOf(body["embeddingTypes"]);
    const hasFloat = wanted.length === 0 || wanted.includes("float");
    const byType = [
      ...(wanted.includes("binary") ? [`"binary":${JSON.stringify(vector.map((value) => (value > 0 ? 1 : 0)))}`] : []),
      ...(hasFloat ? [`"float":${floats}`] : []),
    ];
    return `{${hasFloat ? `"embedding":${floats},` : ""}"embeddingsByType":{${byType.join(",")}},"inputTextTokenCount":${inputTokens}}`;
  },
};
