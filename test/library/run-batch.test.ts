import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  csv,
  defineBatch,
  fromRun,
  HalfpriceError,
  listRuns,
  openRun,
  planBatch,
  resumeRun,
  retryRun,
  rows,
  runBatch,
  sql,
  stopRun,
  tryRows,
} from "../../src/index.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const count = 120;
let folder: string;
let local: { workspace: string; local: true };

beforeEach(() => {
  folder = makeFolder();
  local = { workspace: join(folder, ".halfprice"), local: true };
});

const table = (): string =>
  writeFile(
    folder,
    "reviews.csv",
    `id,text\n${Array.from({ length: count }, (_, index) => `${index},review number ${index}\n`).join("")}`,
  );

const sentiment = () =>
  defineBatch({
    input: csv<{ id: string; text: string }>(table()),
    model: "claude-haiku-4.5",
    output: z.object({ sentiment: z.enum(["good", "bad", "mixed"]), score: z.number().optional() }),
    prompt: (row) => `What is the sentiment of this review?\n\n${row.text}`,
  });

describe("a batch of a program", () => {
  it("is planned, run to its end, and read row by row", async () => {
    const batch = sentiment();
    const plan = await planBatch(batch, local);
    expect(plan).toMatchObject({ recordCount: count, rowCount: count, problems: [], origin: { kind: "local" } });
    expect(plan.cost?.low).toBeLessThanOrEqual(plan.cost?.expected ?? 0);
    expect(plan.cost?.expected).toBeLessThanOrEqual(plan.cost?.high ?? 0);
    expect(plan.jobs).toMatchObject([{ lane: "batch", recordCount: count }]);
    expect(await listRuns(local)).toEqual([]);
    const kinds = new Set<string>();
    const output = join(folder, "answers.csv");
    const run = await runBatch(batch, {
      ...local,
      maxCostUsd: 5,
      output,
      onProgress: (event) => kinds.add(event.kind),
      confirm: (shown) => shown.recordCount === count,
    });
    expect(run).toMatchObject({ state: "done", rowCount: count, recordCount: count, discrepancies: [] });
    expect(run.outcomes.answered).toBe(count);
    expect(run.money.paidUsd).toBe(0);
    expect(run.money.wouldCostUsd).toBeGreaterThan(0);
    expect(run.money.savedUsd).toBe(0);
    expect(run.money.wouldSaveUsd).toBeGreaterThan(0);
    expect(run.jobs).toHaveLength(1);
    expect([...kinds].sort()).toEqual(["jobs", "step"]);
    expect(readFileSync(output, "utf8").split("\n")[0]).toMatch(/^id,text,sentiment,score,_halfprice_outcome/);
    const seen: string[] = [];
    for await (const row of run.rows()) {
      expectTypeOf(row.sentiment).toEqualTypeOf<"good" | "bad" | "mixed" | null>();
      expectTypeOf(row.text).toEqualTypeOf<string | null>();
      if (row._halfprice_outcome !== "answered") continue;
      expectTypeOf(row.sentiment).toEqualTypeOf<"good" | "bad" | "mixed">();
      expectTypeOf(row.score).toEqualTypeOf<number | null>();
      expect(["good", "bad", "mixed"]).toContain(row.sentiment);
      seen.push(row.id ?? "");
    }
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => String(index)));
    const found = await run.query<{ n: number }>(
      "SELECT count(*) AS n FROM results WHERE _halfprice_outcome = 'answered'",
    );
    expect(found).toEqual([{ n: count }]);
    const listed = await listRuns(local);
    expect(listed).toMatchObject([{ id: run.id, state: "done", money: { paidUsd: 0 } }]);
    expect((await openRun(run.id, local)).outcomes).toEqual(run.outcomes);
    expect((await resumeRun(run.id, local)).outcomes).toEqual(run.outcomes);
    expect((await stopRun(run.id, local)).state).toBe("done");
    expect((await retryRun(run.id, local)).outcomes).toEqual(run.outcomes);
    const again = await planBatch(batch, local);
    expect(again).toMatchObject({ recordCount: 0, answeredCount: count });
  });

  it("may take its rows from the program, and skips those whose prompt is null", async () => {
    const reviews = Array.from({ length: count }, (_, n) => ({
      n,
      text: `text ${n}`,
      tags: ["a", "b"],
      at: new Date(Date.UTC(2026, 0, 1 + (n % 28))),
      ...(n % 2 === 0 ? { lang: "en" } : {}),
    }));
    const batch = defineBatch({
      input: rows(() => reviews, "reviews"),
      model: "claude-haiku-4.5",
      prompt: (row) => (row.lang === "en" ? `Answer: ${row.text} ${row.tags}` : null),
    });
    const run = await runBatch(batch, { ...local, belowMinimum: "on-demand" });
    expect(run.name).toBe("reviews");
    expect(run.outcomes).toMatchObject({ answered: count / 2, skipped: count / 2 });
    const [first] = await collect(run.rows());
    expect(first).toMatchObject({ n: 0, text: "text 0", tags: ["a", "b"], lang: "en" });
    expectTypeOf(first?.n).toEqualTypeOf<number | null | undefined>();
    const error = await findFailure(() =>
      planBatch({ ...batch, input: rows([{ n: 1 }, Symbol("x") as unknown as { n: number }]) } as never, local),
    );
    expect(error).toMatchObject({ code: "BAD_ROWS", message: expect.stringContaining("rows, row 2") as string });
  });

  it("may call its rows, or the run whose answers it takes, as its own files are called", async () => {
    const options = { ...local, belowMinimum: "on-demand" as const };
    const first = await runBatch(
      {
        input: rows([{ text: "one" }, { text: "two" }]),
        model: "claude-haiku-4.5",
        prompt: "Say {{text}}",
        name: "rows",
      },
      options,
    );
    expect(first.outcomes.answered).toBe(2);
    const second = await runBatch(
      {
        input: fromRun("rows"),
        model: "claude-haiku-4.5",
        prompt: "Check {{answer}}",
        answersPerRow: 2,
        name: "again",
      },
      { ...options, answerPrefix: "ai_" },
    );
    expect(second.rowCount).toBe(4);
  });

  it("may take a query over files, or the answers of another run", async () => {
    const query = sql<{ id: string; text: string }>(`SELECT * FROM '${table()}' WHERE id::INT < 7`);
    const options = { ...local, belowMinimum: "on-demand" as const };
    const first = await runBatch({ input: query, model: "claude-haiku-4.5", prompt: "Say {{text}}" }, options);
    expect(first.rowCount).toBe(7);
    const second = await runBatch(
      {
        input: fromRun<{ id: string; answer: string }>(first.id),
        model: "claude-haiku-4.5",
        output: z.object({ good: z.boolean() }),
        prompt: (row) => `Is this a good answer? ${row.answer}`,
      },
      options,
    );
    const [row] = await collect(second.rows());
    expect(typeof row?.good).toBe("boolean");
  });

  it("is tried with a few rows", async () => {
    const tried = await tryRows(sentiment(), { ...local, limit: 2 });
    expect(tried).toMatchObject({ failedCount: 0, paidUsd: 0 });
    expect(tried.wouldCostUsd).toBeGreaterThan(0);
    expect(tried.rows).toHaveLength(2);
    expect(tried.rows[0]?.text).toBe("review number 0");
  });
});

describe("a batch that cannot begin", () => {
  it.each([
    ["a function", (row: Record<string, string>) => `Sentiment of: ${row["txet"]}`, /the batch uses the column txet/],
    ["a template", "Sentiment of: {{txet}}", /column txet/],
  ])("names a column that the table does not have, and the nearest: in %s", async (_what, prompt, words) => {
    const error = await findFailure(() => planBatch({ input: csv(table()), model: "claude-haiku-4.5", prompt }, local));
    expect(error.code).toBe("UNKNOWN_COLUMN");
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/nearest is text/);
  });

  it("has what would stop it among the plan's problems, and rejects with it", async () => {
    const batch = { ...sentiment(), limit: 5 };
    const { problems } = await planBatch(batch, local);
    expect(problems.map(({ code }) => code)).toEqual(["TOO_FEW_RECORDS"]);
    expect((await findFailure(() => runBatch(batch, local))).code).toBe("TOO_FEW_RECORDS");
    const dear = await planBatch(sentiment(), { ...local, maxCostUsd: 0.000001 });
    expect(dear.problems.map(({ code }) => code)).toEqual(["MAX_COST"]);
    expect(await listRuns(local)).toEqual([]);
  });

  it("was not confirmed: nothing is sent, and no run is left", async () => {
    const error = await findFailure(() => runBatch(sentiment(), { ...local, confirm: () => false }));
    expect(error.code).toBe("DECLINED");
    expect(await listRuns(local)).toEqual([]);
  });

  it("has options or settings that there are not", async () => {
    const option = await findFailure(() => runBatch(sentiment(), { ...local, maxCost: 5 } as never));
    expect(option.message).toMatch(/maxCost is an unknown option; the nearest is maxCostUsd/);
    const value = await findFailure(() => planBatch(sentiment(), { ...local, limit: 0 }));
    expect(value.message).toMatch(/^limit is "0"; it has to be a whole number/);
    const setting = await findFailure(() => planBatch({ ...sentiment(), modle: "x" } as never, local));
    expect(setting.message).toMatch(/modle is an unknown setting; the nearest is model/);
  });
});

describe("a program that gives up waiting", () => {
  it("rejects with its own reason; the jobs go on, and the same call joins the run", async () => {
    const batch = sentiment();
    const controller = new AbortController();
    const reason = new Error("enough");
    const failed = runBatch(batch, {
      ...local,
      signal: controller.signal,
      onProgress: (event) => event.kind === "jobs" && event.jobs[0]?.arn !== undefined && controller.abort(reason),
    });
    await expect(failed).rejects.toBe(reason);
    const [open] = await listRuns(local);
    expect(open?.state).not.toBe("done");
    const unread = await openRun(open?.id ?? "", local);
    const error = await findFailure(() => unread.query("SELECT 1"));
    expect(error.code).toBe("NO_RESULTS");
    const run = await runBatch(batch, local);
    expect(run).toMatchObject({ id: open?.id, state: "done" });
    expect(run.outcomes.answered).toBe(count);
  });

  it("never begins where it was aborted before", async () => {
    const signal = AbortSignal.abort(new Error("never"));
    await expect(runBatch(sentiment(), { ...local, signal })).rejects.toThrow("never");
    expect(existsSync(local.workspace)).toBe(false);
  });
});

describe("two batches of one program at once", () => {
  it("are one run where they are equal: nothing is sent twice, and both have the whole table", async () => {
    const batch = sentiment();
    const both = await Promise.all([runBatch(batch, local), runBatch(batch, local)]);
    expect(both.map(({ outcomes }) => outcomes.answered)).toEqual([count, count]);
    const runs = await listRuns(local);
    const sent = runs.reduce((sum, { recordCount }) => sum + recordCount, 0);
    expect(sent).toBe(count);
  });

  it("are told apart by what their functions close over", async () => {
    const ask = (language: string) => ({
      ...sentiment(),
      prompt: (row: { text: string }) => `In ${language}: ${row.text}`,
    });
    const [german, french] = await Promise.all([runBatch(ask("German"), local), runBatch(ask("French"), local)]);
    expect(german.id).not.toBe(french.id);
    expect([german.outcomes.answered, french.outcomes.answered]).toEqual([count, count]);
  });
});

it("an error of the library is a HalfpriceError with a fix", async () => {
  const error = await findFailure(() => openRun("nothing", local));
  expect(error).toBeInstanceOf(HalfpriceError);
  expect(error).toMatchObject({ code: "UNKNOWN_RUN", exitCode: 2 });
});

async function collect<Row>(source: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of source) all.push(row);
  return all;
}
