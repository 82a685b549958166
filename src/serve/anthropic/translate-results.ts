import { type AnswerBlock, type OmittedLines, readBlock } from "../../client-batches/batch-answers.ts";
import { EndCounter } from "../../client-batches/count-ends.ts";
import type { EndCounts, JsonObject, LineAnswer } from "../../client-batches/types.ts";
import { translateMessage } from "./translate-message.ts";

/** Answers that are translated at a time. */
export interface MessagesTask {
  readonly block: AnswerBlock;
  readonly omitted: OmittedLines;
}

/** What becomes of them. */
export interface TranslatedMessages {
  /** Lines of the results. */
  readonly lines: Uint8Array;
  readonly counts: EndCounts;
  /** Of every line of the block, omitted or not. */
  readonly rows: readonly (number | undefined)[];
}

/** Translates answers to lines of Anthropic's results. */
export function translateMessages({ block, omitted }: MessagesTask): TranslatedMessages {
  const answers = readBlock(block);
  const counter = new EndCounter();
  let lines = "";
  for (const [place, answer] of answers.entries()) {
    if (omitted.has(place)) continue;
    counter.add(answer);
    lines += `${JSON.stringify(toResult(answer))}\n`;
  }
  return { lines: Buffer.from(lines, "utf8"), counts: counter.counts, rows: answers.map(({ row }) => row) };
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
