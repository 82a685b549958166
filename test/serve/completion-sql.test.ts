import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchGroup } from "../../src/client-batches/types.ts";
import { quoteText } from "../../src/engine/sql.ts";
import { converse } from "../../src/models/families/converse.ts";
import { makeCompletionSql } from "../../src/serve/openai/completion-sql.ts";
import { translateResults } from "../../src/serve/openai/translate-results.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const group: BatchGroup = {
  ...{ index: 0, clientModel: 'it\'s "mapped"', model: "nova-lite", invocation: "converse", isOnDemand: false },
  ...{ rowCount: 1, checked: {} },
};
const endpoint = "/v1/chat/completions";

interface Plain {
  readonly id: string;
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The lines as JavaScript translates the answers' bodies. */
function translate(answers: readonly Plain[]): string {
  const lines = answers.map(({ id, text, ...usage }, n) => {
    const body = { output: { message: { content: [{ text }] } }, stopReason: "end_turn", usage };
    const cells = { n, id, part: 0, parts: 1, note: "" };
    return JSON.stringify({ row: n + 1, cells, recordId: recordId(n), outcome: "answered", error: null, body });
  });
  const block = {
    ...{ kind: "run" as const, bytes: Buffer.from(lines.join("\n")), group },
    end: { isCancelled: false, hasExpired: false },
  };
  const { output, error } = translateResults({ block, endpoint, createdAt: 1_796_000_000, omitted: new Set() });
  expect(error).toHaveLength(0);
  return Buffer.from(output).toString("utf8");
}

const recordId = (n: number): string => String(n).padStart(32, "0");

describe("an answer that is nothing but a text", () => {
  it("becomes the same line in the engine as in JavaScript, whatever is in it", async () => {
    const engine = await openTestEngine(makeFolder());
    const sql = makeCompletionSql(group, endpoint, 1_796_000_000);
    // Letters that a literal of SQL takes: the texts stand in one here.
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((each) => !each.includes("\0"));
    const odd = fc.constantFrom("'", '"', "\\", "\u2028", "\n\t", "</script>", "#text#", "\u{1F600}", "é");
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    const plain = fc.record({ id: text, text: fc.oneof(text, odd), inputTokens: tokens, outputTokens: tokens });
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 20 }), async (answers) => {
        const rows = answers.map(
          ({ id, text: said, inputTokens, outputTokens }, n) =>
            `(${n}, ${quoteText(id)}, ${quoteText(said)}, '${recordId(n)}', ${inputTokens}, ${outputTokens})`,
        );
        const names = "n, id, answer, _halfprice_record_id, _halfprice_input_tokens, _halfprice_output_tokens";
        const found = await engine.rows(
          `SELECT ${sql} AS line FROM (VALUES ${rows.join(", ")}) t(${names}) ORDER BY n`,
        );
        const lines = found.map(({ line }) => `${String(line)}\n`).join("");
        expect(lines).toBe(translate(answers));
      }),
      { numRuns: 60 },
    );
  });

  it("is told from one that says more: calls, thoughts, cached tokens, line breaks before the text", async () => {
    const engine = await openTestEngine(makeFolder());
    const { type, isPlain = "NULL" } = converse.answer;
    const said = (content: readonly object[], more: object = {}) => ({
      ...{ output: { message: { content } }, stopReason: "end_turn", usage: { inputTokens: 1, outputTokens: 2 } },
      ...more,
    });
    const cases: readonly (readonly [what: string, body: object, isPlain: boolean])[] = [
      ["a text", said([{ text: "yes" }]), true],
      ["a text with null members, as in batch", said([{ text: "yes", toolUse: null, reasoningContent: null }]), true],
      ["several texts", said([{ text: "y" }, { text: "es" }]), true],
      ["line breaks inside", said([{ text: "y\nes\n" }]), true],
      ["a call beside the text", said([{ text: "yes" }, { toolUse: { name: "f", input: {} } }]), false],
      ["a thought", said([{ reasoningContent: { reasoningText: { text: "hm" } } }, { text: "yes" }]), false],
      ["a block that nobody knows", said([{ text: "yes" }, { hologram: {} }]), false],
      ["a line break before the text", said([{ text: "\n" }, { text: "yes" }]), false],
      ["a carriage return before the text", said([{ text: "\r\nyes" }]), false],
      ["tokens from a cache", said([{ text: "yes" }], { usage: { inputTokens: 1, cacheReadInputTokens: 3 } }), false],
      ["tokens into a cache", said([{ text: "yes" }], { usage: { inputTokens: 1, cacheWriteInputTokens: 3 } }), false],
      ["an end for a call", said([{ text: "yes" }], { stopReason: "tool_use" }), false],
    ];
    const lines = cases.map(([, o], at) => `${JSON.stringify({ place: at, o })}\n`).join("");
    const path = writeFile(makeFolder(), "bodies.jsonl", lines);
    const found = await engine.rows(`
      SELECT coalesce(${isPlain}, false) AS "isPlain"
      FROM read_json(${quoteText(path)}, format = 'newline_delimited', columns = {place: 'BIGINT', o: ${quoteText(type)}}) ORDER BY place`);
    const told = cases.map(([what], at) => [what, found[at]?.["isPlain"]]);
    expect(told).toEqual(cases.map(([what, , expected]) => [what, expected]));
  });
});
