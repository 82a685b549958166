import { expect, it } from "vitest";
import type { AnswerBlock } from "../../src/client-batches/batch-answers.ts";
import type { BatchGroup } from "../../src/client-batches/types.ts";
import { translateAnswers } from "../../src/serve/translate-answers.ts";
import { Translators } from "../../src/serve/translators.ts";

const group: BatchGroup = {
  ...{ index: 0, clientModel: "nova-lite", model: "nova-lite", invocation: "converse", isOnDemand: false },
  ...{ rowCount: 8, checked: {} },
};

function blockOf(rows: readonly number[]): AnswerBlock {
  const lines = rows.map((row) => {
    const cells = { n: row, id: `r${row}`, part: 0, parts: 1, note: "" };
    const body = { output: { message: { content: [{ text: `answer ${row}` }] } }, stopReason: "end_turn", usage: {} };
    return `${JSON.stringify({ row, cells, recordId: `record-${row}`, outcome: "answered", error: null, body })}\n`;
  });
  return { kind: "run", bytes: Buffer.from(lines.join("")), group, end: { isCancelled: false, hasExpired: false } };
}

it("gives one result for a record that the service wrote twice, in one block or in two", async () => {
  const translators = new Translators(0);
  async function* blocks() {
    yield blockOf([1, 2, 2, 3]);
    yield blockOf([4, 1, 5]);
  }
  const ids: unknown[] = [];
  let succeeded = 0;
  const endpoint = "/v1/chat/completions";
  const results = translateAnswers(translators, blocks(), (block, omitted) =>
    translators.run("results", { block, endpoint, createdAt: 1, omitted }),
  );
  for await (const { output, counts } of results) {
    const lines = Buffer.from(output).toString("utf8").trim().split("\n");
    ids.push(...lines.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id));
    succeeded += counts.succeeded;
  }
  expect(ids).toEqual(["r1", "r2", "r3", "r4", "r5"]);
  expect(succeeded).toBe(5);
});
