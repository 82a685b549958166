import { randomUUID } from "node:crypto";
import type { BatchGroup } from "../../client-batches/types.ts";
import type { Endpoint } from "./batch-record.ts";
import { translateResult } from "./translate-results.ts";

/** What stands in a line for what differs from answer to answer; nothing else in it is like them. */
const marks = {
  ...{ id: randomUUID(), recordId: randomUUID(), text: randomUUID() },
  ...{ inputTokens: 1_111_111_111_111_117, outputTokens: 2_222_222_222_222_229 },
} as const;

const inputTokens = "coalesce(_halfprice_input_tokens, 0)";
const outputTokens = "coalesce(_halfprice_output_tokens, 0)";

/** Each mark as it stands in the line's JSON, and the value in its place, as SQL. */
const values: ReadonlyMap<string, string> = new Map([
  [JSON.stringify(marks.id), "to_json(id)"],
  [JSON.stringify(marks.text), "to_json(answer)"],
  // A part of other texts, and nothing in it has to be escaped.
  [marks.recordId, "_halfprice_record_id"],
  [String(marks.inputTokens), inputTokens],
  [String(marks.outputTokens), outputTokens],
  [String(marks.inputTokens + marks.outputTokens), `${inputTokens} + ${outputTokens}`],
]);

/**
 * The line of a plain answer as SQL over the columns of a run's table. It is made of a line that `translateResult` has translated, so that
 * there is one place that knows what a completion looks like.
 */
export function makeCompletionSql(group: BatchGroup, endpoint: Endpoint, createdAt: number): string {
  const { id, recordId, text, ...usage } = marks;
  const body = { output: { message: { content: [{ text }] } }, stopReason: "end_turn", usage };
  const answer = { n: 0, id, recordId, part: 0, parts: 1, status: "succeeded" as const, body, group };
  const [, line] = translateResult([answer], endpoint, createdAt);
  const pieces = JSON.stringify(line).split(new RegExp(`(${[...values.keys()].join("|")})`));
  const sql = pieces.map((piece) => values.get(piece) ?? `'${piece.replaceAll("'", "''")}'`);
  return `concat(${sql.join(", ")})`;
}
