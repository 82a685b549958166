import { closeSync, openSync, writeSync } from "node:fs";
import type { Cell, Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import type { TokenPrice } from "../../foundation/types/index.ts";
import type { AnswerShape } from "../../models/family.ts";
import type { AnswerReader } from "../read-answers.ts";
import { type CountedLines, readCounted } from "../resent-answers.ts";
import type { AnswerField } from "../result-columns.ts";
import { shareTokens } from "./share-usage.ts";
import { type PackForm, type RowPart, splitItems } from "./split-items.ts";

/** Packed answers, and what they are of. */
export interface PackedOutput {
  readonly engine: Engine;
  /** Of the model's family. */
  readonly shape: AnswerShape;
  readonly form: PackForm;
  /** The key of a row at its place in a request. */
  readonly keyOf: (recordId: string, at: number) => string;
  /** `packs.parquet` of the run. */
  readonly packsFile: string;
  /** The shard, and its output as the service wrote it. */
  readonly index: number;
  readonly files: readonly string[];
  readonly price: TokenPrice | undefined;
  /** Where an answer for each row goes. */
  readonly target: string;
}

/** Begins every reason that an answer was lost in its pack for: such rows are asked again, alone. */
export const packFault = "the pack of this row";

const faultWords = {
  missing: `${packFault} came back without it`,
  twice: `${packFault} came back with it more than once`,
  torn: `${packFault} was cut off before it`,
  unreadable: `${packFault} came back as something else than the list that was asked for`,
} as const;

/** How the answers of rows are written that were taken out of packs: as a family of its own. */
export function makeUnpackedShape({
  wholeReasons,
  truncatedReasons,
  refusedReasons,
  reasoning,
}: AnswerShape): AnswerShape {
  return {
    type: "STRUCT(text VARCHAR, reasoning VARCHAR, stop VARCHAR, i BIGINT, o BIGINT, cr BIGINT, cw BIGINT, t BIGINT)",
    text: "o.text",
    ...(reasoning === undefined ? {} : { reasoning: "o.reasoning" }),
    stopReason: "o.stop",
    inputTokens: "o.i",
    outputTokens: "o.o",
    cacheReadTokens: "o.cr",
    cacheWriteTokens: "o.cw",
    reasoningTokens: "o.t",
    ...{ wholeReasons, truncatedReasons, refusedReasons },
  };
}

const writtenBytes = 4 * 1024 * 1024;

/**
 * Takes the answers of a shard apart: an output line for each row, as if each had been asked alone, with its share of what the request used.
 * @returns what the shard's own lines are: requests, as the service counts them
 */
export async function unpackAnswers(output: PackedOutput): Promise<CountedLines> {
  const { engine, shape, files, price, index, packsFile, target } = output;
  const fields: AnswerField[] = [{ column: "answer", part: "text", member: undefined, type: "VARCHAR" }];
  if (shape.reasoning !== undefined)
    fields.push({ column: "reasoning", part: "reasoning", member: undefined, type: "VARCHAR" });
  const reader: AnswerReader = { engine, shape, fields, check: undefined };
  const counted = await readCounted(reader, files, "packed_answers", price);
  const file = openSync(target, "w", 0o600);
  try {
    let text = "";
    const rows = engine.chunks(`
      SELECT p.record_ids, p.weights, a.outcome, coalesce(a.answer, a.raw) AS text, a.error, a.stop_reason, a.input_tokens, a.output_tokens,
        a.cache_read_tokens, a.cache_write_tokens, a.reasoning_tokens, ${shape.reasoning === undefined ? "NULL" : "a.reasoning"} AS reasoning
      FROM packed_answers a JOIN read_parquet(${quoteText(packsFile)}) p ON p.pack_id = a.record_id`);
    for await (const columns of rows) {
      for (let at = 0; at < (columns[0]?.length ?? 0); at += 1) {
        text += writeRows(readPack(columns.map((column) => column[at] ?? null)), output);
        if (text.length < writtenBytes) continue;
        writeSync(file, text);
        text = "";
      }
    }
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  await engine.run("DROP TABLE packed_answers");
  return { index, ...counted };
}

interface Pack {
  readonly ids: readonly string[];
  readonly weights: readonly number[];
  readonly outcome: string;
  readonly text: string;
  readonly error: string | null;
  readonly stop: string | null;
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly thought: number | null;
  readonly reasoning: string | null;
}

function readPack([ids, weights, outcome, text, error, stop, ...rest]: readonly Cell[]): Pack {
  const [input, output, cacheRead, cacheWrite, thought, reasoning] = rest;
  const textOrNull = (cell: Cell | undefined): string | null => (typeof cell === "string" ? cell : null);
  const count = (cell: Cell | undefined): number | null => (cell === null || cell === undefined ? null : Number(cell));
  return {
    ids: String(ids).split(" "),
    weights: String(weights).split(" ").map(Number),
    outcome: String(outcome),
    text: textOrNull(text) ?? "",
    ...{ error: textOrNull(error), stop: textOrNull(stop), reasoning: textOrNull(reasoning) },
    ...{ input: count(input), output: count(output), thought: count(thought) },
    ...{ cacheRead: count(cacheRead), cacheWrite: count(cacheWrite) },
  };
}

function writeRows(pack: Pack, { form, keyOf, shape }: PackedOutput): string {
  const { ids, weights } = pack;
  // A row that stands whole before a cut was not cut off itself.
  const stop = pack.outcome === "truncated" ? (shape.wholeReasons?.[0] ?? null) : pack.stop;
  const parts = splitPack(pack, ids.map(keyOf), form);
  const outputWeights = parts.map((part) => ("text" in part ? part.weight : 0));
  const share = (total: number | null, by: readonly number[]): readonly (number | null)[] =>
    total === null ? ids.map(() => null) : shareTokens(total, by);
  const [input, cacheRead, cacheWrite] = [
    share(pack.input, weights),
    share(pack.cacheRead, weights),
    share(pack.cacheWrite, weights),
  ];
  const [output, thought] = [share(pack.output, outputWeights), share(pack.thought, outputWeights)];
  return parts
    .map((part, at) => {
      const usage = { i: input[at], o: output[at], cr: cacheRead[at], cw: cacheWrite[at], t: thought[at] };
      // What was thought was thought about all rows: the first has it.
      const own = "text" in part ? { text: part.text, reasoning: at === 0 ? pack.reasoning : null, stop } : {};
      const answer = JSON.stringify({ ...own, ...usage });
      const error = "text" in part ? "" : `,"error":${JSON.stringify({ errorMessage: sayFault(part, pack) })}`;
      return `{"modelOutput":${answer}${error},"recordId":"${ids[at]}"}\n`;
    })
    .join("");
}

type Lost = Extract<RowPart, { fault: string }> | { readonly fault: "whole" };

/** An answer that was cut off has the rows before the cut; what was refused or failed has none. */
function splitPack({ outcome, text }: Pack, keys: readonly string[], form: PackForm): (RowPart | Lost)[] {
  if (outcome === "answered") return splitItems(text, keys, form);
  if (outcome !== "truncated") return keys.map(() => ({ fault: "whole" }));
  return splitItems(text, keys, form).map((part) =>
    "fault" in part && part.fault === "unreadable" ? { fault: "torn" } : part,
  );
}

function sayFault({ fault }: Lost, { outcome, error }: Pack): string {
  if (fault !== "whole") return faultWords[fault];
  const why = error ?? "no reason given";
  return outcome === "refused" ? `${packFault} was declined: ${why}` : `${packFault} failed: ${why}`;
}
