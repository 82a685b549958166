import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { BatchWriter } from "../../client-batches/batch-writer.ts";
import { objectOf } from "../../client-batches/converse.ts";
import { type ClientBatch, type JsonObject, RefusedRequest } from "../../client-batches/types.ts";
import { readManyLines } from "../../lines/read-lines.ts";
import type { ServeContext } from "../serve-context.ts";
import type { BatchRecord, InputProblem } from "./batch-record.ts";
import { contentPath } from "./stored-files.ts";
import { refuse, translateChat } from "./translate-chat.ts";
import { translateEmbeddings } from "./translate-embeddings.ts";

/** So many problems of a file are told. */
const shownProblems = 100;

/** What became of an input file. */
export type ReadInput =
  | { readonly batch: ClientBatch; readonly model: string | undefined }
  | { readonly problems: readonly InputProblem[] };

/**
 * Translates an input file, line by line. A request that is malformed fails alone; a line that cannot be told from others, since it is no
 * JSON or has no `custom_id` of its own, fails the batch before anything is sent, as at OpenAI.
 */
export async function readInput(
  { workspace, models }: Pick<ServeContext, "workspace" | "models">,
  record: BatchRecord,
): Promise<ReadInput> {
  const writer = new BatchWriter(workspace, record.id);
  const problems: InputProblem[] = [];
  const ids = new Set<string>();
  const named = new Set<string>();
  let number = 0;
  const readLine = (line: string): void => {
    number += 1;
    const text = number === 1 ? line.replace(/^\ufeff/, "") : line;
    if (text.trim() === "") return;
    const request = parseLine(text);
    const id = request?.["custom_id"];
    const problem = findProblem(request, id, ids);
    if (problem !== undefined) {
      if (problems.length < shownProblems) problems.push({ ...problem, line: number });
      return;
    }
    const body = objectOf(request?.["body"]);
    if (typeof body["model"] === "string" && named.size < 2) named.add(body["model"]);
    try {
      writer.add(translateLine(String(id), request ?? {}, body, record, models));
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      writer.refuse(String(id), error.reason);
    }
  };
  const input = createReadStream(contentPath(workspace, record.inputFileId), { encoding: "utf8" });
  try {
    for await (const lines of readManyLines(input as AsyncIterable<string>)) for (const line of lines) readLine(line);
    if (problems.length === 0 && writer.requestCount === 0)
      problems.push({ code: "empty_file", message: "The input file has no requests." });
    if (problems.length > 0) {
      writer.drop();
      return { problems };
    }
    const [model] = named;
    return {
      batch: await writer.commit("openai", record.createdAt * 1000, {}),
      model: named.size === 1 ? model : undefined,
    };
  } catch (error) {
    writer.drop();
    throw error;
  }
}

function parseLine(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function findProblem(request: JsonObject | undefined, id: unknown, ids: Set<string>): InputProblem | undefined {
  if (request === undefined) return { code: "invalid_json_line", message: "This line is not a JSON object." };
  if (typeof id !== "string" || id === "")
    return { code: "missing_required_parameter", message: "This line has no custom_id." };
  // A short hash of each: a file may have a million.
  const short = hash("md5", id, "base64").slice(0, 16);
  if (ids.has(short)) return { code: "duplicate_custom_id", message: `The custom_id ${id} was used before.` };
  ids.add(short);
  return undefined;
}

function translateLine(
  id: string,
  { method, url }: JsonObject & { readonly method?: unknown; readonly url?: unknown },
  body: JsonObject,
  { endpoint }: BatchRecord,
  models: ServeContext["models"],
) {
  if (method !== undefined && method !== "POST") throw refuse("method", "it has to be POST", "invalid_method");
  if (url !== endpoint) throw refuse("url", `it is ${String(url)}; the batch is for ${endpoint}`, "mismatched_url");
  const model = models.get(body["model"]);
  return endpoint === "/v1/embeddings" ? translateEmbeddings(id, body, model) : translateChat(id, body, model);
}
