import { ClientModels, type ModelPlace } from "../../client-batches/client-models.ts";
import { objectOf } from "../../client-batches/converse.ts";
import type { ReadyRequest } from "../../client-batches/ready-request.ts";
import { type RequestBlock, RequestBlockBuilder } from "../../client-batches/request-block.ts";
import { type JsonObject, RefusedRequest } from "../../client-batches/types.ts";
import type { Endpoint, InputProblem } from "./batch-record.ts";
import { refuse, translateChat } from "./translate-chat.ts";
import { translateEmbeddings } from "./translate-embeddings.ts";

/** Lines of an input file that are translated at a time. */
export interface RequestsTask {
  readonly endpoint: Endpoint;
  readonly place: ModelPlace;
  /** Whole lines. */
  readonly bytes: Uint8Array;
  /** The number of the first of them, from 1. */
  readonly firstLine: number;
}

/** What the lines say. */
export interface TranslatedRequests {
  readonly block: RequestBlock;
  /** Of each line that has one, and the numbers of these lines. Whether an id was used before, nobody knows who sees only some lines. */
  readonly ids: readonly string[];
  readonly idLines: Uint32Array;
  /** For which the whole batch fails. */
  readonly problems: readonly InputProblem[];
  /** Up to two of the models that are named, as the client names them. */
  readonly models: readonly string[];
}

const knownModels = new Map<string, ClientModels>();

/** Looked up once in each thread. */
function findModels(place: ModelPlace): ClientModels {
  const key = JSON.stringify([place.region, [...(place.mapped ?? [])], place.isGlobalAllowed]);
  const models = knownModels.get(key) ?? new ClientModels(place);
  knownModels.set(key, models);
  return models;
}

/** Translates lines of an input file. A request that is malformed is refused by itself. */
export function translateRequests({ endpoint, place, bytes, firstLine }: RequestsTask): TranslatedRequests {
  const models = findModels(place);
  const builder = new RequestBlockBuilder();
  const ids: string[] = [];
  const idLines: number[] = [];
  const problems: InputProblem[] = [];
  const named = new Set<string>();
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8").split("\n");
  for (const [index, text] of lines.entries()) {
    const line = firstLine + index;
    const own = line === 1 ? text.replace(/^\ufeff/, "") : text;
    if (own.trim() === "") continue;
    const request = parseLine(own);
    const id = request?.["custom_id"];
    if (request === undefined || typeof id !== "string" || id === "") {
      problems.push({ ...(request === undefined ? notJson : noId), line });
      continue;
    }
    ids.push(id);
    idLines.push(line);
    const body = objectOf(request["body"]);
    if (typeof body["model"] === "string" && named.size < 2) named.add(body["model"]);
    try {
      builder.add(line, translateLine(id, request, body, endpoint, models));
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      builder.refuse(line, id, error.reason);
    }
  }
  return { block: builder.finish(), ids, idLines: Uint32Array.from(idLines), problems, models: [...named] };
}

const notJson = { code: "invalid_json_line", message: "This line is not a JSON object." };
const noId = { code: "missing_required_parameter", message: "This line has no custom_id." };

function parseLine(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function translateLine(
  id: string,
  { method, url }: JsonObject & { readonly method?: unknown; readonly url?: unknown },
  body: JsonObject,
  endpoint: Endpoint,
  models: ClientModels,
): ReadyRequest {
  if (method !== undefined && method !== "POST") throw refuse("method", "it has to be POST", "invalid_method");
  if (url !== endpoint) throw refuse("url", `it is ${String(url)}; the batch is for ${endpoint}`, "mismatched_url");
  const model = models.get(body["model"]);
  return endpoint === "/v1/embeddings" ? translateEmbeddings(id, body, model) : translateChat(id, body, model);
}
