import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { isExactDouble } from "../../src/engine/exact-number.ts";
import type { JsonSchema } from "../../src/foundation/types/index.ts";
import { makeAnswerCheck, writeChecked } from "../../src/results/check-answer.ts";
import { openCase, readCase } from "../support/case-files.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

const asked = [
  "--prompt",
  "Look up {{id}}",
  "--model",
  "claude-haiku-4.5",
  "--local",
  "--below-minimum",
  "on-demand",
  "--yes",
];

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});

/** Runs a table and gives the lines of its output. */
async function runTable(name: string, output: string, ...more: string[]): Promise<string[]> {
  const { code, stderr } = await runCli(["run", name, ...asked, ...more, "-o", output], folder);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error ")]);
  return readFileSync(join(folder, output), "utf8").trim().split("\n");
}

describe("numbers of a table keep their digits, in the prompt and in the output", () => {
  it("ids of JSON Lines beside a fraction", async () => {
    openCase("jsonl-ids-rounded", folder);
    const lines = await runTable("fraction.jsonl", "out.jsonl");
    expect(lines[0]).toContain('"id":"9007199254740993"');
    expect(lines[0]).toContain("Look up 9007199254740993");
    expect(lines[1]).toContain("Look up 1.5");
    expect((await runTable("over64.jsonl", "over.jsonl"))[1]).toMatch(
      /12345678901234567890123.*Look up 12345678901234567890123/,
    );
  });

  it("whole numbers beyond 64 bits, and fractions of many digits, nested ones too", async () => {
    const rows = [
      '{"id":9007199254740993,"f":0.12345678901234567891,"n":{"deep":[123456789012345678901234567890]}}',
      '{"id":12345678901234567890123,"f":1.50,"n":{"deep":[1]}}',
    ];
    writeFile(folder, "t.jsonl", `${rows.join("\n")}\n`);
    const lines = await runTable("t.jsonl", "out.jsonl", "--prompt", "{{id}} and {{f}} and {{n}}");
    expect(lines[0]).toContain("9007199254740993 and 0.12345678901234567891 and ");
    expect(lines[0]).toContain("123456789012345678901234567890");
    expect(lines[1]).toContain("12345678901234567890123 and 1.5 and ");
  });

  it("and a table whose numbers are exact stays as it was: whole numbers of 64 bits, fractions of few digits", async () => {
    writeFile(folder, "t.jsonl", '{"id":9007199254740993,"f":1.5}\n{"id":9007199254740995,"f":0.25}\n');
    const lines = await runTable("t.jsonl", "out.jsonl");
    expect(lines[0]).toContain('{"id":9007199254740993,"f":1.5,');
  });

  it("decimals and whole numbers of 128 bits, of Parquet and of a query", async () => {
    const engine = await openTestEngine(folder);
    await engine.run(
      `COPY (SELECT 9007199254740993::BIGINT AS id, 12345678901234567.89::DECIMAL(20, 2) AS d FROM range(2)) TO '${folder}/t.parquet' (FORMAT parquet)`,
    );
    const lines = await runTable("t.parquet", "out.jsonl", "--prompt", "{{id}} {{d}}");
    expect(lines[0]).toContain('"id":9007199254740993,"d":12345678901234567.89');
    expect(lines[0]).toContain("9007199254740993 12345678901234567.89");
    const summed = await runTable("t.parquet", "sum.csv", "--sql", "SELECT sum(id) AS id FROM input");
    expect(summed[1]).toMatch(/^18014398509481986,/);
    expect(summed[1]).toContain("Look up 18014398509481986");
  });
});

/** The check by the schema of a reported case. */
const checkOf = (name: string): ReturnType<typeof makeAnswerCheck> =>
  makeAnswerCheck(JSON.parse(readCase(name, "schema.json")) as JsonSchema, "schema.json");

describe("numbers of an answer", () => {
  const check = makeAnswerCheck(
    {
      type: "object",
      properties: {
        id: { type: "integer" },
        price: { type: "number" },
        tags: { type: "array", items: { type: "integer" } },
        any: {},
      },
    },
    "p.md",
  );
  const read = (text: string): string => writeChecked(check(text));

  it("keep their digits where the column holds them", () => {
    expect(read('{"id":9007199254740993,"tags":[-9223372036854775808],"any":{"x":0.12345678901234567891}}')).toBe(
      '{"ok":true,"value":{"id":9007199254740993,"price":null,"tags":[-9223372036854775808],"any":"{\\"x\\":0.12345678901234567891}"}}',
    );
    expect(read('{"id":1e3,"price":0.1}')).toContain('"id":1000,"price":0.1');
  });

  it("make the answer invalid where no column holds them, with the number and the reason", () => {
    expect(check('{"id":9223372036854775808}')).toEqual({
      ok: false,
      reason: "/id is 9223372036854775808, which is beyond a column of whole numbers (64 bits)",
    });
    expect(checkOf("answer-number-overflow")('{"price":1e999}')).toEqual({
      ok: false,
      reason: "/price is 1e999, which is beyond a column of numbers (double)",
    });
    expect(checkOf("answer-number-overflow")('{"price":1e308}')).toMatchObject({ ok: true });
    expect(check('{"tags":[1,1e400]}')).toMatchObject({ ok: false });
  });

  it("are never rounded in silence: the answer's own text stays beside them", () => {
    expect(check('{"price":0.12345678901234567891}')).toMatchObject({ ok: true, inexact: ["/price"] });
    expect(check('{"price":0.30000000000000004}')).not.toHaveProperty("inexact");
  });

  it("are exact as doubles where the shortest text of the double is the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isExactDouble(JSON.stringify(Object.is(value, -0) ? 0 : value))).toBe(true);
      }),
    );
    for (const [text, isExact] of [
      ["9007199254740993", false],
      ["9007199254740992", true],
      ["1.50", true],
      ["15e-1", true],
      ["0.000", true],
      ["1e999", false],
      ["100000000000000000000", true],
    ] as const)
      expect([text, isExactDouble(text)]).toEqual([text, isExact]);
  });

  it("an answer of a fence and many line ends takes time by its length", () => {
    // Quadratic time would be minutes here, and the test would not end.
    const text = `\`\`\`json${"\n".repeat(2_000_000)}x`;
    expect(checkOf("answer-fence-slow")(text)).toEqual({ ok: false, reason: "not JSON" });
    expect(check('```json\n{"id":1}\n```')).toMatchObject({ ok: true });
  });
});
