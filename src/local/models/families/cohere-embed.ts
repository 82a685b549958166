/**
 * Cohere Embed v3 and v4, texts only ("Cohere Embed v3" and "Cohere Embed v4", Bedrock user guide, read 2026-11-30). What it says of a body
 * that does not fit is unconfirmed. The answer's body has no count of tokens: it is in the headers.
 */
import { type EmbeddingFamily, isObject, type JsonObject, joinText, stringsOf } from "../family.ts";
import type { Model } from "../model.ts";
import { makeLowerId } from "../seed.ts";
import { checkKeys, checkKind, sayMalformed } from "./malformed.ts";

const mostTexts = 96;
const inputTypes = ["search_document", "search_query", "classification", "clustering"];
const embeddingTypes = ["float", "int8", "uint8", "binary", "ubinary"] as const;
const versions = {
  v3: { truncate: ["NONE", "START", "END"], dimensions: [1024], standard: 1024 },
  v4: { truncate: ["NONE", "LEFT", "RIGHT"], dimensions: [256, 512, 1024, 1536], standard: 1536 },
} as const;
const isV4 = ({ id }: Model): boolean => id.includes("embed-v4");
const versionOf = (model: Model): (typeof versions)["v3" | "v4"] => versions[isV4(model) ? "v4" : "v3"];

const checkEnum = (place: string, value: unknown, allowed: readonly unknown[]): string[] =>
  value === undefined || allowed.includes(value)
    ? []
    : [`${place}: ${JSON.stringify(value)} is not a valid enum value`];

/** The texts of a body; those of `inputs` without their images. */
function readTexts(body: JsonObject): readonly string[] {
  const { texts, inputs } = body;
  if (Array.isArray(texts)) return stringsOf(texts);
  return Array.isArray(inputs) ? inputs.map((each) => joinText(isObject(each) ? each["content"] : "")) : [];
}

const hasImage = (body: JsonObject): boolean =>
  body["images"] !== undefined || JSON.stringify(body["inputs"] ?? "").includes('"image_url"');

export const cohereEmbed: EmbeddingFamily = {
  kind: "embedding",
  findProblem(body, model) {
    const { truncate, dimensions } = versionOf(model);
    const optional = ["texts", "images", "truncate", "embedding_types"];
    const types = body["embedding_types"];
    const malformed = sayMalformed([
      ...checkKeys(body, {
        required: ["input_type"],
        optional: isV4(model) ? [...optional, "inputs", "output_dimension", "max_tokens"] : optional,
      }),
      ...checkEnum("#/input_type", body["input_type"], isV4(model) ? inputTypes : [...inputTypes, "image"]),
      ...checkEnum("#/truncate", body["truncate"], truncate),
      ...checkEnum("#/output_dimension", body["output_dimension"], dimensions),
      ...(body["texts"] === undefined ? [] : checkKind("#/texts", body["texts"], "JSONArray")),
      ...(types === undefined ? [] : checkKind("#/embedding_types", types, "JSONArray")),
      ...stringsOf(types).flatMap((type, at) => checkEnum(`#/embedding_types/${at}`, type, embeddingTypes)),
    ]);
    if (malformed !== undefined) return malformed;
    if (hasImage(body)) return "The local service embeds texts only, and no images.";
    const { length } = readTexts(body);
    if (length === 0) return "invalid request: valid texts must be provided";
    return length > mostTexts ? `invalid request: total number of texts must be at most ${mostTexts}` : undefined;
  },
  readText: (body) => readTexts(body).join("\n"),
  readTexts,
  readDimensions: (body, model) => (body["output_dimension"] as number | undefined) ?? versionOf(model).standard,
  writeVector: (vector, tokens, body, model) => cohereEmbed.writeVectors?.([vector], tokens, body, model) ?? "",
  writeVectors(vectors, _tokens, body) {
    const types = stringsOf(body["embedding_types"]);
    const isPlain = types.length === 0;
    const embeddings = isPlain
      ? vectors
      : Object.fromEntries(types.map((type) => [type, vectors.map((vector) => convert(vector, type))]));
    let at = 0;
    const random = (): number => Math.abs(vectors[0]?.[at++ % 64] ?? 0) % 1;
    return JSON.stringify({
      id: makeLowerId(32, random).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      response_type: isPlain ? "embeddings_floats" : "embeddings_by_type",
      embeddings,
      ...("inputs" in body ? { inputs: body["inputs"] } : { texts: readTexts(body) }),
    });
  },
};

/** Bytes for the small types, eight signs a byte for the binary ones. */
function convert(vector: readonly number[], type: string): readonly number[] {
  if (type === "float") return vector;
  if (type === "int8") return vector.map((value) => Math.round(value * 127));
  if (type === "uint8") return vector.map((value) => Math.round(value * 127) + 128);
  const bytes = Array.from({ length: Math.floor(vector.length / 8) }, (_, index) =>
    vector.slice(index * 8, index * 8 + 8).reduce((byte, value) => byte * 2 + (value > 0 ? 1 : 0), 0),
  );
  return type === "ubinary" ? bytes : bytes.map((byte) => byte - 128);
}
