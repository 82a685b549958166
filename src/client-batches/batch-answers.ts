import { existsSync } from "node:fs";
import { defined } from "../foundation/defined.ts";
import type { SessionOptions } from "../library/batch-options.ts";
import type { BatchRun } from "../library/batch-run/batch-run.ts";
import { openRun } from "../library/open-run.ts";
import { readLineBlocks } from "../lines/read-lines.ts";
import { groupFile, refusedFile } from "./client-batch.ts";
import type { BatchGroup, ClientBatch, JsonObject, LineAnswer, RequestError } from "./types.ts";

/** Why a group's requests may have no answer. */
interface GroupEnd {
  readonly isCancelled: boolean;
  readonly hasExpired: boolean;
  /** In the service's words. */
  readonly message?: string;
}

/** Some lines of what became of a batch. Plain data, which a thread can take over. */
export type AnswerBlock =
  /** Lines of `BatchRun.answerLines`. */
  | { readonly kind: "run"; readonly bytes: Uint8Array; readonly group: BatchGroup; readonly end: GroupEnd }
  /** Lines of a group that no run could begin for. */
  | { readonly kind: "unsent"; readonly bytes: Uint8Array; readonly group: BatchGroup }
  /** Lines of `refused.jsonl`. */
  | { readonly kind: "refused"; readonly bytes: Uint8Array };

/** The columns of a group's table that come with its answers. */
const columns = ["n", "id", "part", "parts", "note"] as const;

/** Lines of answers that the engine has translated. */
export interface PlainLines {
  readonly requestCount: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Writes them into a file; what is there is replaced. */
  readonly writeTo: (path: string) => Promise<void>;
}

/** A row whose request became no others, and whose answer's text is all that the answer says. */
const isPlain = "coalesce(parts = 1 AND _halfprice_is_plain, false)";

/**
 * What became of every line of a batch whose groups have all ended, a block in memory at a time, in no order.
 * @throws RUN_CLEANED
 */
export class BatchAnswers {
  readonly #workspace: string;
  readonly #options: SessionOptions;
  readonly #batch: ClientBatch;
  /** By group, once its plain answers were read: how many rows are left for `blocks`. */
  readonly #left = new Map<number, number>();

  constructor(workspace: string, options: SessionOptions, batch: ClientBatch) {
    this.#workspace = workspace;
    this.#options = options;
    this.#batch = batch;
  }

  /**
   * Answers that are nothing but a text, as lines that the engine makes of the run's table. Most answers are such, and the engine is much
   * faster. `blocks` has the others from then on.
   * @param makeLine an expression in SQL over the columns of `results`
   */
  async *readPlain(makeLine: (group: BatchGroup) => string): AsyncGenerator<PlainLines, void, undefined> {
    for (const group of this.#batch.groups) {
      // The table tells it of Converse's answers alone.
      if (group.runId === undefined || group.error !== undefined || group.invocation !== "converse") continue;
      const run = await openRun(group.runId, this.#options);
      const [totals] = await run.query<Omit<PlainLines, "writeTo"> & { readonly left: number }>(`
        SELECT count(*) FILTER (WHERE NOT ${isPlain}) AS "left", count(*) FILTER (WHERE ${isPlain}) AS "requestCount",
          coalesce(sum(_halfprice_input_tokens) FILTER (WHERE ${isPlain}), 0)::BIGINT AS "inputTokens",
          coalesce(sum(_halfprice_output_tokens) FILTER (WHERE ${isPlain}), 0)::BIGINT AS "outputTokens"
        FROM results`);
      if (totals === undefined) continue;
      const { left, ...counts } = totals;
      this.#left.set(group.index, left);
      const query = `SELECT ${makeLine(group)} FROM results WHERE ${isPlain}`;
      if (counts.requestCount > 0) yield { ...counts, writeTo: (path) => run.writeLines(query, path) };
    }
  }

  /** What was not read as plain. A record that the service wrote twice may come twice: `RepeatFinder` tells. */
  async *blocks(): AsyncGenerator<AnswerBlock, void, undefined> {
    const { groups, id, cancelledAt } = this.#batch;
    for (const group of groups) {
      if (group.runId === undefined || group.error !== undefined) {
        for await (const bytes of readIfThere(groupFile(this.#workspace, id, group)))
          yield { kind: "unsent", bytes, group };
        continue;
      }
      const left = this.#left.get(group.index);
      if (left === 0) continue;
      const run = await openRun(group.runId, this.#options);
      const end = findEnd(run, cancelledAt !== undefined);
      const where = left === undefined ? undefined : `NOT ${isPlain}`;
      for await (const bytes of run.answerLines(columns, where)) yield { kind: "run", bytes, group, end };
    }
    for await (const bytes of readIfThere(refusedFile(this.#workspace, id))) yield { kind: "refused", bytes };
  }

  /** Every line, each once, one at a time. */
  async *lines(): AsyncGenerator<LineAnswer, void, undefined> {
    const repeats = new RepeatFinder();
    for await (const block of this.blocks()) {
      const lines = readBlock(block);
      const repeated = repeats.find(
        block,
        lines.map(({ row }) => row),
      );
      for (const [place, line] of lines.entries()) if (!repeated.has(place)) yield line;
    }
  }
}

async function* readIfThere(path: string): AsyncGenerator<Buffer> {
  if (existsSync(path)) yield* readLineBlocks(path);
}

function findEnd({ state, jobs }: BatchRun, wasCancelled: boolean): GroupEnd {
  const ends = jobs.filter(({ status }) => status !== undefined && status !== "Completed");
  return {
    isCancelled: wasCancelled || state === "stopped",
    hasExpired: ends.some(({ status }) => status === "Expired" || status === "PartiallyCompleted"),
    ...defined({ message: ends.find((job) => job.message !== undefined)?.message }),
  };
}

/** The lines of a block. */
export function readBlock(block: AnswerBlock): LineAnswer[] {
  const lines = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength)
    .toString("utf8")
    .split("\n");
  return lines.flatMap((line) => (line === "" ? [] : [toLineAnswer(JSON.parse(line) as JsonObject, block)]));
}

function toLineAnswer(line: JsonObject, block: AnswerBlock): LineAnswer {
  switch (block.kind) {
    case "run":
      return toRunAnswer(line as unknown as RunLine, block.group, block.end);
    case "unsent": {
      const { n, id, part, parts } = line as unknown as RunLine["cells"];
      const own = { n, id, part, parts, group: block.group };
      const { error } = block.group;
      return error === undefined
        ? { ...own, status: "cancelled", error: cancelled }
        : { ...own, status: "failed", error };
    }
    case "refused": {
      const { n, id, error } = line as unknown as { n: number; id: string; error: RequestError };
      return { n, id, status: "failed", part: 0, parts: 1, error };
    }
  }
}

interface RunLine {
  readonly row: number;
  readonly cells: {
    readonly n: number;
    readonly id: string;
    readonly part: number;
    readonly parts: number;
    readonly note: string;
  };
  readonly recordId: string;
  readonly error: string | null;
  readonly body: JsonObject | null;
}

const cancelled: RequestError = { message: "the batch was cancelled before this request was answered" };

function toRunAnswer({ row, cells, recordId, error, body }: RunLine, group: BatchGroup, end: GroupEnd): LineAnswer {
  const { n, id, part, parts, note } = cells;
  const own = { row, n, id, part, parts, group, recordId, note };
  if (body !== null) return { ...own, status: "succeeded", body };
  const reason = toRequestError(error);
  if (error !== null && !error.startsWith("the output has no line")) return { ...own, status: "failed", error: reason };
  if (end.isCancelled) return { ...own, status: "cancelled", error: cancelled };
  if (end.hasExpired) {
    const message = "the job ran out of time before this request was answered";
    return { ...own, status: "expired", error: { message } };
  }
  return { ...own, status: "failed", error: end.message === undefined ? reason : { message: end.message } };
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

/** The places of lines in a block that are left out of its translation. */
export type OmittedLines = ReadonlySet<number>;

/** Finds lines of records that the service wrote twice: one answer is enough. A bit for each row of the batch. */
export class RepeatFinder {
  readonly #seen = new Map<number, Uint8Array>();

  /** @returns the places of lines in a block whose rows came before, in it or in an earlier one */
  find(block: AnswerBlock, rows: Iterable<number | undefined>): OmittedLines {
    const repeated = new Set<number>();
    if (block.kind !== "run") return repeated;
    const { index, rowCount } = block.group;
    const seen = this.#seen.get(index) ?? new Uint8Array(Math.ceil((rowCount + 1) / 8));
    this.#seen.set(index, seen);
    let place = 0;
    for (const row of rows) {
      const number = row ?? 0;
      const [at, bit] = [number >> 3, 1 << (number & 7)];
      if (((seen[at] ?? 0) & bit) !== 0) repeated.add(place);
      seen[at] = (seen[at] ?? 0) | bit;
      place += 1;
    }
    return repeated;
  }
}
