import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const labels = ["good", "bad", "mixed"];
/** The simulated model takes the label that stands in the text: which of them gold disagrees with is known. */
const rowCount = 120;
const texts = Array.from({ length: rowCount }, (_, index) => `review ${index}: it is ${labels[index % 3]}`);
/** Every tenth row has another gold, five have none. */
const golds = texts.map((_, index) =>
  index < 5 ? "" : index % 10 === 9 ? (labels[(index + 1) % 3] ?? "") : (labels[index % 3] ?? ""),
);
const schema = JSON.stringify({
  type: "object",
  properties: { sentiment: { type: "string", enum: labels }, score: { type: "integer", minimum: 1, maximum: 5 } },
  required: ["sentiment", "score"],
});

let folder: string;
const run = (...args: string[]) => runCli(["eval", ...args], folder);
const readJson = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { stdout, stderr, code } = await run(...args, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "halfprice-eval-"));
  writeFile(
    folder,
    "t.csv",
    makeCsv(
      ["id", "text", "label"],
      texts.map((text, index) => [String(index), text, golds[index] ?? ""]),
    ),
  );
  writeFile(folder, "gold.csv", makeCsv(["id", "truth"], golds.map((gold, index) => [String(index), gold]).reverse()));
  writeFile(folder, "schema.json", schema);
  for (const [name, prompt] of [
    ["one", "Sentiment of: {{text}}"],
    ["two", "Say bad. Sentiment of: {{id}}"],
  ]) {
    const args = [
      "run",
      "t.csv",
      "--prompt",
      prompt ?? "",
      "--schema",
      "schema.json",
      "--model",
      "claude-haiku-4.5",
      "--name",
      name ?? "",
      "--local",
      "--yes",
    ];
    const made = await runCli(args, folder);
    expect(made.code, made.stderr).toBe(0);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("halfprice eval", () => {
  it("compares an answer column with a gold column of the table: wrong rows, rows without gold, intervals", async () => {
    const found = await readJson("one", "--gold", "label", "--answer", "sentiment");
    expect(found).toMatchObject({
      rows: 115,
      unanswered: 0,
      withoutGold: 5,
      match: "exact",
      gold: "label",
      answer: "sentiment",
    });
    // 103 of 115, as scipy.stats.binomtest(103, 115).proportion_ci(method="wilson") has it.
    const { accuracy } = found as { accuracy: Record<string, number> };
    expect(accuracy["value"]).toBeCloseTo(103 / 115, 12);
    expect(accuracy["low"]).toBeCloseTo(0.8264311, 6);
    expect(accuracy["high"]).toBeCloseTo(0.939295, 6);
    const { perClass } = found as { perClass: Record<string, { support: number; f1: { value: number; low: number } }> };
    expect(Object.keys(perClass).sort()).toEqual([...labels].sort());
    expect(Object.values(perClass).reduce((sum, { support }) => sum + support, 0)).toBe(115);
    for (const name of ["kappa", "macroF1", "weightedF1"]) {
      const { value, low, high } = found[name] as Record<string, number>;
      expect([low, value, high].map(Number)).toEqual([low, value, high].map(Number).sort((a, b) => a - b));
      expect((high ?? 0) - (low ?? 0)).toBeGreaterThan(0.02);
    }
  });

  it("has gold from another file, found by a key in whatever order", async () => {
    const keyed = await readJson(
      "one",
      "--gold-file",
      "gold.csv",
      "--gold",
      "truth",
      "--key",
      "id",
      "--answer",
      "sentiment",
    );
    const plain = await readJson("one", "--gold", "label", "--answer", "sentiment");
    expect(keyed["accuracy"]).toEqual(plain["accuracy"]);
    expect(keyed["kappa"]).toEqual(plain["kappa"]);
  });

  it("compares two runs on the same rows, with McNemar's test, paired intervals and the rows that differ", async () => {
    const found = await readJson("one", "--gold", "label", "--answer", "sentiment", "--against", "two");
    const against = found["against"] as Record<string, unknown> & {
      onlyThis: number;
      onlyOther: number;
      bothRight: number;
      bothWrong: number;
    };
    expect(against.onlyThis + against.onlyOther + against.bothRight + against.bothWrong).toBe(115);
    expect(against["mcnemarP"]).toBeLessThan(0.05);
    const { accuracy } = against["difference"] as { accuracy: { value: number; low: number; high: number } };
    expect(accuracy.value).toBeCloseTo((against.onlyThis - against.onlyOther) / 115, 12);
    expect(accuracy.low).toBeGreaterThan(0);
    const differing = found["differing"] as { answer: string; other: string; isRight: boolean; gold: string }[];
    expect(differing.length).toBeGreaterThan(5);
    for (const { answer, other, gold, isRight } of differing)
      expect([answer === gold, other === gold]).toEqual([isRight, !isRight]);
  });

  it("takes another run's answers for gold where there is no gold column", async () => {
    const found = await readJson("one", "--against", "one", "--answer", "sentiment");
    expect(found).toMatchObject({ rows: rowCount, accuracy: { value: 1, high: 1 } });
  });

  it("exits by the low end of the interval, not by the value", async () => {
    const met = await run("one", "--gold", "label", "--answer", "sentiment", "--at-least", "accuracy=0.8");
    expect([met.code, met.stdout]).toEqual([0, expect.stringMatching(/met\s+accuracy at least 0\.8/)]);
    const missed = await run("one", "--gold", "label", "--answer", "sentiment", "--at-least", "accuracy=0.88");
    expect([missed.code, missed.stderr]).toEqual([
      4,
      expect.stringMatching(/BELOW_TARGET[\s\S]*0\.896 \(0\.826 to 0\.939\)/),
    ]);
    const json = await run(
      "one",
      "--gold",
      "label",
      "--answer",
      "sentiment",
      "--at-least",
      "accuracy=0.88",
      "--at-least",
      "recall:bad=0.1",
      "--json",
    );
    expect(json.code).toBe(4);
    const { atLeast } = JSON.parse(json.stdout) as { atLeast: { name: string; isMet: boolean }[] };
    expect(atLeast.map(({ name, isMet }) => [name, isMet])).toEqual([
      ["accuracy", false],
      ["recall:bad", true],
    ]);
  });

  it("writes every row with what became of it", async () => {
    await readJson("one", "--gold", "label", "--answer", "sentiment", "-o", "rows.csv");
    const lines = readFileSync(join(folder, "rows.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toBe("row,gold,answer,is_right");
    expect(lines).toHaveLength(rowCount + 1);
    expect(lines.filter((line) => line.endsWith(",false"))).toHaveLength(12);
    expect(lines.filter((line) => line.endsWith(","))).toHaveLength(5);
  });

  it("asks a judge model, whose price comes first, and counts its verdicts; pairs in both orders", async () => {
    writeFile(folder, "rubric.md", "It is good where it names the {{mood}} of the text.\n");
    const judge = ["--judge", "rubric.md", "--judge-model", "claude-sonnet-4.6", "--answer", "sentiment"];
    const asked = await run("one", ...judge);
    expect([asked.code, asked.stdout + asked.stderr]).toEqual([2, expect.any(String)]);
    const { stdout, stderr, code } = await run("one", ...judge, "--local", "--json");
    expect(code, stderr).toBe(0);
    const single = JSON.parse(stdout) as {
      judgeRunId: string;
      rows: number;
      unjudged: number;
      accuracy: { value: number; low: number; high: number };
    };
    expect(stderr).toMatch(/Price +\$/);
    expect(single).toMatchObject({ rows: rowCount, unanswered: 0, unjudged: 0 });
    const shown = await runCli(
      [
        "show",
        single.judgeRunId,
        "--query",
        "SELECT count(*) FILTER (verdict) AS met, any_value(rubric) AS rubric FROM results",
        "--json",
      ],
      folder,
    );
    const [row] = JSON.parse(shown.stdout) as { met: number; rubric: string }[];
    expect(single.accuracy.value).toBeCloseTo((row?.met ?? Number.NaN) / rowCount, 12);
    expect(row?.rubric).toBe("It is good where it names the {{mood}} of the text.");

    const pairs = await run("one", ...judge, "--against", "two", "--local", "--json");
    expect(pairs.code, pairs.stderr).toBe(0);
    const compared = JSON.parse(pairs.stdout) as {
      judgeRunId: string;
      unjudged: number;
      pairs: Record<string, number>;
    };
    const { won = 0, lost = 0, same = 0, undecided = 0 } = compared.pairs;
    expect(won + lost + same + undecided + compared.unjudged).toBe(rowCount);
    const turns = await runCli(
      [
        "show",
        compared.judgeRunId,
        "--query",
        "SELECT count(*) AS asked, count(DISTINCT row_number) AS rows FROM results",
        "--json",
      ],
      folder,
    );
    expect(JSON.parse(turns.stdout)).toEqual([{ asked: 2 * rowCount, rows: rowCount }]);
  }, 120_000);

  it("says what is wrong with what was asked, all of it at once", async () => {
    const wrong = await run("one", "--gold-file", "gold.csv", "--match", "folder", "--at-least", "accurcy=0.9");
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/--gold-file needs --gold[\s\S]*nearest is folded/),
    ]);
    const columns = await run("one", "--gold", "lable", "--answer", "sentiment");
    expect([columns.code, columns.stderr]).toEqual([2, expect.stringMatching(/UNKNOWN_COLUMN[\s\S]*label/)]);
    const several = await run("one", "--gold", "label");
    expect([several.code, several.stderr]).toEqual([
      2,
      expect.stringMatching(/several answer columns[\s\S]*sentiment, score/),
    ]);
    const order = await run("one", "--gold-file", "schema.json", "--gold", "x", "--answer", "sentiment");
    expect([order.code, order.stderr]).toEqual([2, expect.stringContaining("UNKNOWN_FORMAT")]);
  });
});
