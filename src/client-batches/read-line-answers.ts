import { createReadStream, existsSync } from "node:fs";
import { defined } from "../foundation/defined.ts";
import type { SessionOptions } from "../library/batch-options.ts";
import type { BatchRun } from "../library/batch-run/batch-run.ts";
import type { RowAnswer } from "../library/batch-run/read-rows.ts";
import { openRun } from "../library/open-run.ts";
import { readLines } from "../lines/read-lines.ts";
import { groupFile, refusedFile } from "./client-batch.ts";
import type { BatchGroup, ClientBatch, JsonObject, LineAnswer, RequestError } from "./types.ts";

const columns = ["row", "n", "id", "part", "parts", "note"] as const;

/**
 * What became of every line of a batch whose groups have all ended: each once, in no order, a chunk in memory at a time.
 * @throws RUN_CLEANED
 */
export async function* readLineAnswers(
  workspace: string,
  options: SessionOptions,
  batch: ClientBatch,
): AsyncGenerator<LineAnswer, void, undefined> {
  const seen = new Uint8Array(Math.ceil(batch.rowCount / 8));
  for (const group of batch.groups) {
    if (group.runId === undefined || group.error !== undefined) {
      yield* failAll(workspace, batch, group);
      continue;
    }
    const run = await openRun(group.runId, options);
    for await (const answer of run.answers(columns)) {
      const row = Number(answer.cells["row"]);
      const [at, bit] = [row >> 3, 1 << (row & 7)];
      // The service wrote a record twice: one answer is enough.
      if (((seen[at] ?? 0) & bit) !== 0) continue;
      seen[at] = (seen[at] ?? 0) | bit;
      yield toLineAnswer(answer, group, run, batch.cancelledAt !== undefined);
    }
  }
  for await (const line of readJsonLines(refusedFile(workspace, batch.id))) {
    const { n, id, error } = line as { n: number; id: string; error: RequestError };
    yield { n, id, status: "failed", part: 0, parts: 1, error };
  }
}

/** Lines of a group that no run could begin for. */
async function* failAll(workspace: string, batch: ClientBatch, group: BatchGroup): AsyncGenerator<LineAnswer> {
  for await (const line of readJsonLines(groupFile(workspace, batch.id, group))) {
    const { n, id, part, parts } = line as { n: number; id: string; part: number; parts: number };
    const own = { n, id: id.slice(1), part, parts, group };
    if (group.error === undefined) yield { ...own, status: "cancelled", error: cancelled };
    else yield { ...own, status: "failed", error: group.error };
  }
}

const cancelled: RequestError = { message: "the batch was cancelled before this request was answered" };

function toLineAnswer(
  { cells, recordId, error, body }: RowAnswer,
  group: BatchGroup,
  run: BatchRun,
  wasCancelled: boolean,
): LineAnswer {
  const own = {
    ...{ n: Number(cells["n"]), id: String(cells["id"]).slice(1) },
    ...{ part: Number(cells["part"]), parts: Number(cells["parts"]), group, recordId },
    note: String(cells["note"]).slice(1),
  };
  if (body !== undefined) return { ...own, status: "succeeded", body: JSON.parse(body) as JsonObject };
  const reason = toRequestError(error);
  if (error !== null && !error.startsWith("the output has no line")) return { ...own, status: "failed", error: reason };
  if (wasCancelled || run.state === "stopped") return { ...own, status: "cancelled", error: cancelled };
  const ends = run.jobs.filter(({ status }) => status !== undefined && status !== "Completed");
  if (ends.some(({ status }) => status === "Expired" || status === "PartiallyCompleted")) {
    return {
      ...own,
      status: "expired",
      error: { message: "the job ran out of time before this request was answered" },
    };
  }
  const message = ends.find((job) => job.message !== undefined)?.message;
  return { ...own, status: "failed", error: message === undefined ? reason : { message } };
}

/** The service's words end with its code: `… (429)`. */
function toRequestError(words: string | null): RequestError {
  const [, message = words ?? "there is no answer", code] = /^(.*) \(([\w.]+)\)$/s.exec(words ?? "") ?? [];
  const status = Number(code);
  return {
    message,
    ...defined({ code }),
    ...(Number.isInteger(status) && status >= 400 && status < 600 ? { status } : {}),
  };
}

/** The objects of a file of JSON lines, one at a time; none where there is no file. */
export async function* readJsonLines(path: string): AsyncGenerator {
  if (!existsSync(path)) return;
  for await (const line of readLines(createReadStream(path))) if (line !== "") yield JSON.parse(line);
}
