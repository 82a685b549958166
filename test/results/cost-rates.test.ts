import { describe, expect, it } from "vitest";
import { anthropicMessages } from "../../src/models/families/anthropic-messages.ts";
import { costSql, readCounted } from "../../src/results/resent-answers.ts";
import { makeResultColumns } from "../../src/results/result-columns.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const line = (recordId: string, usage: object, content: object[] = [{ type: "text", text: "Yes" }]): string =>
  JSON.stringify({ recordId, modelOutput: { content, stop_reason: "end_turn", usage } });

describe("what a request costs on demand", () => {
  it("has cached tokens and long prompts at their own rates, in the sum and row by row", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const file = writeFile(
      folder,
      "a.jsonl.out",
      `${[
        line("a", { input_tokens: 100, output_tokens: 10 }),
        line("b", {
          input_tokens: 100,
          output_tokens: 10,
          cache_read_input_tokens: 1000,
          cache_creation_input_tokens: 200,
        }),
        line("c", { input_tokens: 150_000, output_tokens: 10 }),
      ].join("\n")}\n`,
    );
    const price = {
      ...{ inputUsd: 1, outputUsd: 5, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 },
      longPrompts: { fromTokens: 100_000, factor: 5 },
    };
    const reader = {
      engine,
      shape: anthropicMessages.answer,
      fields: makeResultColumns(undefined, "", {}).fields,
      check: undefined,
    };
    const counted = await readCounted(reader, [file], "answers", price);
    const wanted = [150, 100 + 50 + 1000 * 0.1 + 200 * 1.25, 5 * (150_000 + 50)].map((usd) => usd / 1e6);
    const rows = await engine.rows(`SELECT ${costSql(price)} AS usd FROM answers ORDER BY record_id`);
    for (const [at, { usd }] of rows.entries()) expect(Number(usd)).toBeCloseTo(wanted[at] ?? 0, 12);
    const plain = (counted.usage.inputTokens * 1 + counted.usage.outputTokens * 5) / 1e6;
    expect(plain + counted.extraUsd).toBeCloseTo(
      wanted.reduce((sum, usd) => sum + usd, 0),
      12,
    );
    expect((await readCounted(reader, [file], "answers", { inputUsd: 1, outputUsd: 5 })).extraUsd).toBe(0);
  });

  it("counts hidden thoughts as what the answer's length leaves of the output", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const hidden = [
      { type: "thinking", thinking: "", signature: "x" },
      { type: "text", text: "Positive" },
    ];
    const file = writeFile(folder, "a.jsonl.out", `${line("a", { input_tokens: 5, output_tokens: 302 }, hidden)}\n`);
    const reader = {
      engine,
      shape: anthropicMessages.answer,
      fields: makeResultColumns(undefined, "", {}).fields,
      check: undefined,
    };
    const { reasoning } = await readCounted(reader, [file], "answers");
    expect(reasoning).toEqual({ tokens: 300, isEstimated: true });
  });
});
