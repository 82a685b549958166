import type { ClientModel } from "../../client-batches/client-models.ts";
import { objectOf } from "../../client-batches/converse.ts";
import { makeReadyRequest, type ReadyRequest } from "../../client-batches/ready-request.ts";
import type { JsonObject, LineAnswer } from "../../client-batches/types.ts";
import { defined } from "../../foundation/defined.ts";
import { refuse } from "./translate-chat.ts";

const known = ["model", "input", "dimensions", "encoding_format", "user"];

/** Texts of one request: OpenAI's limit. */
const maxInputs = 2048;

/**
 * Translates the body of an embeddings request: one body of the model's for each of its texts.
 * @throws RefusedRequest
 */
export function translateEmbeddings(id: string, body: JsonObject, model: ClientModel): ReadyRequest {
  const { input, dimensions, encoding_format: encoding = "float" } = body as Record<string, unknown>;
  for (const name of Object.keys(body))
    if (!known.includes(name)) throw refuse(name, "it is not known", "unknown_parameter");
  if (model.family.kind !== "embedding")
    throw refuse("model", `${model.choice.label} gives texts, not vectors`, "WRONG_ENDPOINT");
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || texts.length > maxInputs)
    throw refuse("input", `it has ${texts.length} texts; 1 to ${maxInputs} are taken`, "invalid_value");
  if (!texts.every((text) => typeof text === "string" && text !== ""))
    throw refuse(
      "input",
      "it has to be a text or texts, none of them empty; lists of tokens are not taken",
      "invalid_type",
    );
  if (encoding !== "float" && encoding !== "base64")
    throw refuse("encoding_format", "it has to be float or base64", "invalid_value");
  if (dimensions !== undefined && typeof dimensions !== "number")
    throw refuse("dimensions", "it has to be a number", "invalid_type");
  const request = {
    baseId: model.choice.baseId,
    parameters: { maxTokens: 0, ...defined({ dimensions }) },
    output: undefined,
    structured: "prompt" as const,
  };
  const bodies = (texts as readonly string[]).map((text) => model.family.makeBody(text, request) as JsonObject);
  return makeReadyRequest(model, { id, bodies, note: encoding, invocation: "model" });
}

/** The vectors of a request as OpenAI has them. @param lines all its parts, in order */
export function translateVectors(lines: readonly LineAnswer[]): JsonObject {
  let tokens = 0;
  const data = lines.map(({ body = {}, note }, index) => {
    const vector = readVector(body);
    tokens += typeof body["inputTextTokenCount"] === "number" ? body["inputTextTokenCount"] : 0;
    return { object: "embedding", index, embedding: note === "base64" ? toBase64(vector) : vector };
  });
  const [first] = lines;
  return {
    object: "list",
    data,
    model: first?.group?.clientModel ?? "",
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Titan has one vector, Nova a list of them. */
function readVector(body: JsonObject): readonly number[] {
  const { embedding, embeddings, embeddingsByType } = body as Record<string, unknown>;
  if (Array.isArray(embedding)) return embedding as number[];
  const [first] = Array.isArray(embeddings) ? (embeddings as unknown[]) : [];
  const found = objectOf(first)["embedding"] ?? objectOf(embeddingsByType)["float"];
  return Array.isArray(found) ? (found as number[]) : [];
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
