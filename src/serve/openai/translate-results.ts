import { type AnswerBlock, type OmittedLines, readBlock } from "../../client-batches/batch-answers.ts";
import { EndCounter } from "../../client-batches/count-ends.ts";
import type { EndCounts, JsonObject, LineAnswer } from "../../client-batches/types.ts";
import type { BatchUsage, Endpoint } from "./batch-record.ts";
import { translateCompletion } from "./translate-completion.ts";
import { translateVectors } from "./translate-embeddings.ts";

/** Answers that are translated at a time. */
export interface ResultsTask {
  readonly block: AnswerBlock;
  readonly endpoint: Endpoint;
  /** When the answers came, in seconds since 1970. */
  readonly createdAt: number;
  readonly omitted: OmittedLines;
}

/** What becomes of them. */
export interface TranslatedResults {
  /** Lines of the output file, and of the error file. */
  readonly output: Uint8Array;
  readonly error: Uint8Array;
  readonly usage: BatchUsage;
  readonly counts: EndCounts;
  /** Of every line of the block, omitted or not. */
  readonly rows: readonly (number | undefined)[];
  /** Lines of requests that became several: the others of a request may stand elsewhere. */
  readonly parts: readonly LineAnswer[];
}

/** What OpenAI says of requests that were never answered. */
const neverAnswered = {
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  cancelled: { code: "batch_cancelled", message: "This request was not executed since the batch was cancelled." },
} as const;

/** Translates answers to lines of OpenAI's files. */
export function translateResults({ block, endpoint, createdAt, omitted }: ResultsTask): TranslatedResults {
  const lines = { output: "", error: "" };
  const usage = { inputTokens: 0, outputTokens: 0 };
  const counter = new EndCounter();
  const rows: (number | undefined)[] = [];
  const parts: LineAnswer[] = [];
  for (const [place, answer] of readBlock(block).entries()) {
    rows.push(answer.row);
    if (omitted.has(place)) continue;
    if (answer.parts > 1) {
      parts.push(answer);
      continue;
    }
    counter.add(answer);
    const [kind, line] = translateResult([answer], endpoint, createdAt);
    addUsage(usage, line);
    lines[kind] += `${JSON.stringify(line)}\n`;
  }
  const [output, error] = [Buffer.from(lines.output, "utf8"), Buffer.from(lines.error, "utf8")];
  return { output, error, usage, counts: counter.counts, rows, parts };
}

/** One request's line, and which file it belongs to. @param lines all its parts, in order */
export function translateResult(
  lines: readonly LineAnswer[],
  endpoint: Endpoint,
  created: number,
): ["output" | "error", JsonObject] {
  const failed = lines.find(({ status }) => status !== "succeeded");
  const [first] = lines;
  const { id: customId = "", n = 0, recordId = "", group, body = {} } = failed ?? first ?? ({} as Partial<LineAnswer>);
  const id = `batch_req_${recordId === "" ? n : recordId}`;
  if (failed === undefined) {
    const model = group?.clientModel ?? "";
    const translated =
      endpoint === "/v1/embeddings" ? translateVectors(lines) : translateCompletion(body, { recordId, model, created });
    return [
      "output",
      { id, custom_id: customId, response: { status_code: 200, request_id: recordId, body: translated }, error: null },
    ];
  }
  if (failed.status === "expired" || failed.status === "cancelled")
    return ["error", { id, custom_id: customId, response: null, error: neverAnswered[failed.status] }];
  const { message = "there is no answer", code = null, status = 500 } = failed.error ?? {};
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  const shown = status === 404 ? "model_not_found" : code;
  return [
    "error",
    {
      id,
      custom_id: customId,
      response: {
        status_code: status,
        request_id: recordId,
        body: { error: { message, type, param: null, code: shown } },
      },
      error: null,
    },
  ];
}

/** Adds what a line of the output file says of its tokens. */
export function addUsage(usage: { -readonly [Name in keyof BatchUsage]: number }, line: JsonObject): void {
  const { body } = (line["response"] ?? {}) as { readonly body?: { readonly usage?: Record<string, unknown> } };
  const { prompt_tokens: input, completion_tokens: output } = body?.usage ?? {};
  if (typeof input === "number") usage.inputTokens += input;
  if (typeof output === "number") usage.outputTokens += output;
}
