import type { ClientBatch, JsonObject, LineAnswer } from "../../client-batches/types.ts";
import type { ServeContext } from "../serve-context.ts";
import { type BatchUsage, findRecord, writeRecord } from "./batch-record.ts";
import { keepFile, LineSink, removeFile } from "./stored-files.ts";
import { translateCompletion } from "./translate-completion.ts";
import { translateVectors } from "./translate-embeddings.ts";

/** What OpenAI says of requests that were never answered. */
const neverAnswered = {
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  cancelled: { code: "batch_cancelled", message: "This request was not executed since the batch was cancelled." },
} as const;

/**
 * Writes the output and the error file of a batch that ends, each only where it has a line. Done again, it gives the same files.
 */
export async function writeOutput(
  { workspace, nowMs }: Pick<ServeContext, "workspace" | "nowMs">,
  batch: ClientBatch,
  answers: AsyncIterable<LineAnswer>,
): Promise<void> {
  const record = findRecord(workspace, batch.id);
  if (record === undefined) throw new Error(`there is no record of ${batch.id}`);
  const nowSeconds = Math.floor(nowMs() / 1000);
  await writeRecord(workspace, { ...record, finalizingAt: record.finalizingAt ?? nowSeconds });
  const name = batch.id.slice("batch_".length);
  const outputs = { output: `file-out${name}`, error: `file-err${name}` };
  const sinks = {
    output: await LineSink.open(workspace, outputs.output),
    error: await LineSink.open(workspace, outputs.error),
  };
  const usage = { inputTokens: 0, outputTokens: 0 };
  try {
    for await (const lines of joinParts(answers)) {
      const [kind, line] = toLine(lines, nowSeconds, record.endpoint === "/v1/embeddings");
      addUsage(usage, line);
      await sinks[kind].add(line);
    }
  } finally {
    for (const sink of Object.values(sinks)) await sink.close();
  }
  const expiresAt =
    record.outputExpiresSeconds === undefined ? {} : { expiresAt: nowSeconds + record.outputExpiresSeconds };
  for (const kind of ["output", "error"] as const) {
    const bytes = sinks[kind].bytes;
    const id = outputs[kind];
    const filename = `${batch.id}_${kind}.jsonl`;
    if (bytes === 0) await removeFile(workspace, id);
    else
      await keepFile(workspace, { id, bytes, createdAt: nowSeconds, filename, purpose: "batch_output", ...expiresAt });
  }
  await writeRecord(workspace, {
    ...record,
    finalizingAt: record.finalizingAt ?? nowSeconds,
    ...(sinks.output.bytes === 0 ? {} : { outputFileId: outputs.output }),
    ...(sinks.error.bytes === 0 ? {} : { errorFileId: outputs.error }),
    usage,
  });
}

/** The lines of each request together. Parts come one after the other, or nearly so. */
async function* joinParts(answers: AsyncIterable<LineAnswer>): AsyncGenerator<readonly LineAnswer[]> {
  const open = new Map<number, LineAnswer[]>();
  for await (const answer of answers) {
    if (answer.parts === 1) {
      yield [answer];
      continue;
    }
    const own = [...(open.get(answer.n) ?? []), answer];
    open.set(answer.n, own);
    if (own.length < answer.parts) continue;
    open.delete(answer.n);
    yield own.sort((one, other) => one.part - other.part);
  }
}

function toLine(lines: readonly LineAnswer[], created: number, isVectors: boolean): ["output" | "error", JsonObject] {
  const failed = lines.find(({ status }) => status !== "succeeded");
  const [first] = lines;
  const { id: customId = "", n = 0, recordId = "", group, body = {} } = failed ?? first ?? ({} as Partial<LineAnswer>);
  const id = `batch_req_${recordId === "" ? n : recordId}`;
  if (failed === undefined) {
    const model = group?.clientModel ?? "";
    const translated = isVectors ? translateVectors(lines) : translateCompletion(body, { recordId, model, created });
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

function addUsage(usage: { -readonly [Name in keyof BatchUsage]: number }, line: JsonObject): void {
  const { body } = (line["response"] ?? {}) as { readonly body?: { readonly usage?: Record<string, unknown> } };
  const { prompt_tokens: input, completion_tokens: output } = body?.usage ?? {};
  if (typeof input === "number") usage.inputTokens += input;
  if (typeof output === "number") usage.outputTokens += output;
}
