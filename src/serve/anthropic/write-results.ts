import { createWriteStream, renameSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { batchFolder } from "../../client-batches/client-batch.ts";
import type { ClientBatch, JsonObject, LineAnswer } from "../../client-batches/types.ts";
import { syncFolder } from "../../foundation/commit-file.ts";
import { resultsPath } from "./routes.ts";
import { translateMessage } from "./translate-message.ts";

/** Writes the results of a batch that ends. Done again, it gives the same. */
export async function writeResults(
  workspace: string,
  batch: ClientBatch,
  answers: AsyncIterable<LineAnswer>,
): Promise<void> {
  const path = resultsPath(workspace, batch.id);
  async function* lines(): AsyncGenerator<string> {
    for await (const answer of answers) yield `${JSON.stringify(toResult(answer))}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(`${path}.tmp`, { mode: 0o600, flush: true }));
  renameSync(`${path}.tmp`, path);
  syncFolder(batchFolder(workspace, batch.id));
}

/** What Anthropic calls errors, by status. */
const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** The type of an error with a status. */
export function typeOfError(status: number): string {
  return errorTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

function toResult({ id, status, body, error, group, recordId = "" }: LineAnswer): JsonObject {
  const customId = { custom_id: id };
  if (status === "cancelled") return { ...customId, result: { type: "canceled" } };
  if (status === "expired") return { ...customId, result: { type: "expired" } };
  if (status === "succeeded" && body !== undefined && group !== undefined) {
    const message = translateMessage(body, group.invocation === "model", group.clientModel, recordId);
    return { ...customId, result: { type: "succeeded", message } };
  }
  const { message = "there is no answer", status: code = 500 } = error ?? {};
  return {
    ...customId,
    result: {
      type: "errored",
      error: { type: "error", error: { type: typeOfError(code), message }, request_id: null },
    },
  };
}
