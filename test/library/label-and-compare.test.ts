import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clean, listJobs } from "../../src/admin.ts";
import {
  type BatchRun,
  defineBatch,
  evaluateRun,
  openRun,
  previewInput,
  renderPrompt,
  rows,
  runBatch,
} from "../../src/index.ts";
import { findFailure } from "../support/failure.ts";

const output = { type: "object", properties: { label: { enum: ["good", "bad"] } }, required: ["label"] } as const;
const folder = mkdtempSync(join(tmpdir(), "halfprice-test-"));
const local = { local: true, workspace: join(folder, "w") } as const;
const input = Array.from({ length: 200 }, (_, index) => ({ id: index, text: `text ${index}` }));
const run = async (question: string, count = input.length): Promise<BatchRun> =>
  await runBatch(
    defineBatch({ input: rows(input.slice(0, count)), model: "nova-lite", output, prompt: `${question}: {{text}}` }),
    local,
  );

describe("runs that have ended", () => {
  let one: BatchRun;
  let other: BatchRun;

  beforeAll(async () => {
    one = await run("Judge");
    other = await run("Is it good");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are compared row by row, and only the rows that differ are shown", async () => {
    const [own, others] = await Promise.all(
      [one, other].map((each) => each.query<{ label: string }>("SELECT label FROM results")),
    );
    const differing = input.flatMap((_, index) => (own?.[index]?.label === others?.[index]?.label ? [] : [index + 1]));
    expect(differing.length).toBeGreaterThan(20);
    const comparison = await one.compare(other, "label");
    const shown = await comparison.window(0, 500);
    expect([comparison.rowCount, comparison.differingCount]).toEqual([200, differing.length]);
    expect(shown.map(({ row }) => row)).toEqual(differing);
    expect((await comparison.window(10, 5)).map(({ row }) => row)).toEqual(differing.slice(10, 15));
    for (const { row, cells, answer, other: second } of shown)
      expect([cells["text"], answer, second]).toEqual([
        `text ${row - 1}`,
        own?.[row - 1]?.label,
        others?.[row - 1]?.label,
      ]);
    comparison.close();
    const { accuracy } = await evaluateRun(one.id, { ...local, against: other.id, answer: "label" });
    expect(accuracy.value).toBeCloseTo(1 - differing.length / 200, 12);
    const few = await run("Judge", 150);
    expect((await findFailure(() => one.compare(few, "label"))).message).toContain("200 and 150 rows");
  });

  it("keep what people say of their answers, through clean, and write it as a gold file that eval takes", async () => {
    const answers = await one.query<{ label: string }>("SELECT label FROM results");
    const wrong = (row: number): string => (answers[row - 1]?.label === "good" ? "bad" : "good");
    for (const row of [3, 50, 120]) await one.setLabel("label", row, answers[row - 1]?.label);
    await one.setLabel("label", 77, wrong(77));
    await one.setLabel("label", 78, wrong(78));
    const { labels, accuracy } = await one.setLabel("label", 78, undefined);
    expect(labels.map(({ row }) => row)).toEqual([3, 50, 77, 120]);
    expect(accuracy.value).toBe(0.75);
    expect(accuracy.low).toBeLessThan(0.35);
    const gold = join(folder, "gold.csv");
    await one.writeGold("label", gold);
    expect(readFileSync(gold, "utf8").split("\n").slice(0, 4)).toEqual([
      "row,gold",
      "1,",
      "2,",
      `3,${answers[2]?.label}`,
    ]);
    const evaluation = await evaluateRun(one.id, { ...local, goldFile: gold, gold: "gold", answer: "label" });
    expect([evaluation.rows, evaluation.withoutGold, evaluation.accuracy]).toEqual([4, 196, accuracy]);
    expect((await findFailure(() => one.writeGold("label", join(folder, "gold.txt")))).code).toBe("BAD_OUTPUT");
    await clean({ ...local, run: one.id, keepResults: true, confirm: () => true });
    expect((await (await openRun(one.id, local)).labels("label")).labels).toHaveLength(4);
  });

  it("have their jobs listed among the account's, and details as their report has them", async () => {
    const jobs = await listJobs(local);
    expect(jobs.find(({ runId }) => runId === other.id)).toMatchObject({ status: "Completed", counts: { total: 200 } });
    const { request, jobs: own, profile, summary } = await other.details();
    expect(request.prompt).toBe("Is it good: {{text}}");
    expect(own).toMatchObject([{ index: 0, lane: "batch", state: "Completed", recordCount: 200, processedCount: 200 }]);
    expect(own[0]?.endedAt).toBeGreaterThanOrEqual(own[0]?.startedAt ?? Infinity);
    expect([profile?.answers[0]?.name, summary?.rowCount]).toEqual(["label", 200]);
    expect(await other.report("md")).toContain("Is it good");
  });
});

describe("a table before it is asked about", () => {
  it("shows its columns and first rows, and a prompt with them in it", async () => {
    const path = join(import.meta.dirname, "../../recipes/classify/messages.csv");
    const { columns, rows: first, sizeBytes } = await previewInput(path, 5);
    expect([columns.map(({ name }) => name), first.length]).toEqual([["text", "category"], 5]);
    expect(sizeBytes).toBeGreaterThan(1000);
    expect(renderPrompt("Is {{text}} right? {{row}} \\{{x}}", { text: "a", n: null })).toBe(
      'Is a right? {"text":"a","n":null} {{x}}',
    );
    expect(renderPrompt("{{meta.lang}}|{{n}}", { meta: { lang: "en" }, n: null })).toBe("en|");
    const failure = await findFailure(() => Promise.resolve().then(() => renderPrompt("{{txet}}", { text: "a" })));
    expect([failure.code, failure.message]).toEqual(["UNKNOWN_COLUMN", expect.stringContaining("text")]);
  });
});
