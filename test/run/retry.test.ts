import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LocalOptions } from "../../src/local/index.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { dropRetry, planRetry, type RetryOptions, type RetryPlan } from "../../src/run/retry/plan-retry.ts";
import { checkRetry, startRetry } from "../../src/run/retry/start-retry.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { type Session } from "../../src/workspace/session.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

type Faults = NonNullable<LocalOptions["faults"]>;

interface Scene {
  readonly session: Session;
  readonly folder: string;
  readonly first: FinishedRun;
}

/** Sixty rows, answered where records go wrong. */
async function runWith(faults: Faults, quotas: readonly string[] = ["min-records=10"]): Promise<Scene> {
  const { folder, session } = await openLocalRun({ faults, quotas });
  const id = await startTestRun(session, writeTexts(folder, 60), { maxTokens: 40 });
  const { finished } = await driveRun(session, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  return { session, folder, first: finished };
}

async function retry(session: Session, id: string, options: RetryOptions = {}): Promise<[RetryPlan, FinishedRun]> {
  const plan = await planRetry(session, id, options);
  await checkRetry(session, plan);
  await startRetry(session, plan);
  const { finished } = await driveRun(session, id, "follow");
  if (finished === undefined) throw new Error("the retry did not end");
  return [plan, finished];
}

const waysOf = (groups: RetryPlan["sent"]): Record<string, number> =>
  Object.fromEntries(groups.map(({ way, recordCount }) => [way, recordCount]));

/** What the service itself counted, over all jobs of a run. */
function countTokens({ shards }: FinishedRun): { inputTokens: number; outputTokens: number } {
  const manifests = shards.map(({ attempt }) => JSON.parse(attempt?.manifest ?? "{}") as Record<string, number>);
  const sum = (name: string): number => manifests.reduce((total, each) => total + (each[name] ?? 0), 0);
  return { inputTokens: sum("inputTokenCount"), outputTokens: sum("outputTokenCount") };
}

describe("a retry", () => {
  it("of some rows sends those alone; what is no condition of the table is refused, and nothing is written", async () => {
    const { session, first } = await runWith({ records: [{ fault: "truncated", times: 20 }] });
    const rows = "_halfprice_outcome = 'truncated' AND id::INTEGER < 30";
    const [{ meant } = {}] = await readResults(first, `SELECT count(*)::INTEGER AS meant FROM results WHERE ${rows}`);
    expect(meant).toBeGreaterThan(0);
    expect(meant).toBeLessThan(20);
    const bad = await findFailure(() => planRetry(session, first.run.id, { rows: "no_such_column = 1" }));
    expect([bad.code, bad.message]).toEqual(["BAD_QUERY", expect.stringContaining("no_such_column")]);
    const [plan, after] = await retry(session, first.run.id, { rows, belowMinimum: "on-demand" });
    expect(plan.recordCount).toBe(meant);
    expect(after.summary.outcomeCounts).toMatchObject({ truncated: 20 - Number(meant), answered: 40 + Number(meant) });
  });

  it("sends again what can get a good answer, leaves what cannot, and adds up tokens and cost of all rounds", async () => {
    const { session, first } = await runWith({
      records: [
        { fault: "throttled", times: 5 },
        { fault: "truncated", times: 6 },
        { fault: "refused", times: 3 },
        { fault: "internal", times: 2 },
        { fault: { errorCode: 400, errorMessage: "messages: Field required" }, times: 1 },
      ],
    });
    const before = first.summary.outcomeCounts;
    expect(before).toMatchObject({ answered: 43, truncated: 6, refused: 3, error: 8 });
    expect(first.summary.retry).toMatchObject({ recordCount: 13, leftCount: 4, unsentCount: 0, lane: "batch" });
    const [plan, after] = await retry(session, first.run.id);
    expect(waysOf(plan.sent)).toEqual({ again: 7, longer: 6 });
    expect(waysOf(plan.left)).toEqual({ declined: 3, request: 1 });
    expect(plan.lanes).toMatchObject([{ lane: "batch", recordCount: 13 }]);
    expect(after.summary).toMatchObject({ jobCount: 2, outcomeCounts: { answered: 56, refused: 3, error: 1 } });
    expect(after.summary.usage).toEqual(countTokens(after));
    const [sum] = await readResults(
      after,
      "SELECT sum(_halfprice_cost_usd) AS usd, count(*) AS rows, count(DISTINCT id) AS ids FROM results",
    );
    expect(sum).toMatchObject({ rows: 60, ids: 60 });
    expect(sum?.["usd"]).toBeCloseTo(after.summary.paidUsd ?? -1, 10);
    expect(after.summary.paidUsd).toBeGreaterThan(first.summary.paidUsd ?? Infinity);
    expect(plan.costUsd).toEqual(first.summary.retry?.usd);
    expect(plan.costUsd?.high).toBeGreaterThan((after.summary.paidUsd ?? 0) - (first.summary.paidUsd ?? 0));
  });

  it("sends again what has no line, or one that cannot be read", async () => {
    const { session, first } = await runWith({
      records: [
        { fault: "lost", times: 6 },
        { fault: "broken", times: 3 },
        { fault: "odd-error", times: 3 },
      ],
    });
    const [plan, after] = await retry(session, first.run.id);
    expect(waysOf(plan.sent)).toEqual({ again: 12 });
    expect(after.summary.outcomeCounts.answered).toBe(60);
  });

  it("finds the request of a record that was asked before the rest, and is in no shard", async () => {
    const { session, first } = await runWith({ records: [{ fault: "throttled", times: 12 }] });
    const { directory } = first.paths;
    const failed = await readResults(first, "SELECT _halfprice_record_id AS id FROM results WHERE answer IS NULL");
    const ids = new Set(failed.map(({ id }) => String(id)));
    const input = join(directory, "input/records.jsonl");
    const lines = readFileSync(input, "utf8").trimEnd().split("\n");
    const isAsked = (line: string): boolean => ids.has((JSON.parse(line) as { recordId: string }).recordId);
    writeFileSync(
      input,
      lines
        .filter((line) => !isAsked(line))
        .map((line) => `${line}\n`)
        .join(""),
    );
    const asked = lines.filter(isAsked).map((line) => {
      const { recordId, modelInput } = JSON.parse(line) as { recordId: string; modelInput: object };
      return `${JSON.stringify({ modelInput, error: { errorCode: 429, errorMessage: "Too many requests" }, recordId })}\n`;
    });
    writeFileSync(
      join(directory, "input/canary.jsonl"),
      lines
        .filter(isAsked)
        .map((line) => `${line}\n`)
        .join(""),
    );
    mkdirSync(join(directory, "output/on-demand"), { recursive: true });
    writeFileSync(join(directory, "output/on-demand/round-0-9.jsonl.out"), asked.join(""));
    const canary = { index: 9, recordCount: asked.length, isPassed: true };
    writeFileSync(first.paths.runFile, JSON.stringify({ ...first.run, canary }));
    const plan = await planRetry(session, first.run.id, {});
    expect(plan.recordCount).toBe(12);
    const sent = readFileSync(join(directory, plan.files.lines), "utf8").trimEnd().split("\n");
    expect(sent).toEqual(lines.filter(isAsked));
  });

  it("gives what was cut off twice the limit, up to the model's own", async () => {
    const { session, first } = await runWith({ records: [{ fault: "truncated", times: 20 }] });
    const [plan, after] = await retry(session, first.run.id);
    expect(waysOf(plan.sent)).toEqual({ longer: 20 });
    const lines = readFileSync(join(after.paths.directory, plan.files.lines), "utf8").trimEnd().split("\n");
    const bodies = lines.map((line) => (JSON.parse(line) as { modelInput: { max_tokens: number } }).modelInput);
    expect(bodies.map((body) => body.max_tokens)).toEqual(Array.from({ length: 20 }, () => 80));
    expect(after.summary.outcomeCounts.answered).toBe(60);
  });

  it("says what was wrong with an answer that does not fit its schema, and sends nothing else of the request anew", async () => {
    const { folder, session } = await openLocalRun({
      faults: { records: [{ fault: "wrong-shape", times: 12 }] },
      quotas: ["min-records=10"],
    });
    const output = writeFile(
      folder,
      "schema.json",
      JSON.stringify({
        type: "object",
        properties: { mood: { type: "string", enum: ["good", "bad"] } },
        required: ["mood"],
      }),
    );
    const table = writeTexts(folder, 40);
    const first = await runToEnd(session, {
      first: table,
      prompt: "Mood of “{{text}}”:",
      output,
      model: "claude-haiku-4.5",
    });
    expect(first.summary.outcomeCounts).toMatchObject({ answered: 28, invalid: 12 });
    const [plan, after] = await retry(session, first.run.id);
    expect(waysOf(plan.sent)).toEqual({ corrected: 12 });
    expect(after.summary.outcomeCounts.answered).toBe(40);
    const read = (name: string): { recordId: string; modelInput: { messages: { content: { text: string }[] }[] } }[] =>
      readFileSync(join(after.paths.directory, name), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as ReturnType<typeof read>[number]);
    const firsts = read("input/records.jsonl").map(({ modelInput }) => modelInput.messages[0]?.content[0]?.text ?? "");
    for (const { modelInput } of read(plan.files.lines)) {
      const text = modelInput.messages[0]?.content[0]?.text ?? "";
      expect(firsts.some((each) => text.startsWith(`${each}\n\nThis was asked before.`))).toBe(true);
      expect(text).toMatch(/It cannot be used: .*mood/);
    }
    const ids = await readResults(after, "SELECT _halfprice_record_id AS id FROM results ORDER BY id");
    expect(ids).toEqual(await readResults(first, "SELECT _halfprice_record_id AS id FROM results ORDER BY id"));
  });

  it("of fewer records than a job takes goes on demand where that is allowed, and is refused with its price where not", async () => {
    const { session, first } = await runWith({ records: [{ fault: "throttled", times: 4 }] });
    const plan = await planRetry(session, first.run.id, {});
    const error = await findFailure(() => checkRetry(session, plan));
    expect([error.code, error.message]).toEqual(["TOO_FEW_RECORDS", expect.stringMatching(/4 records.* at least 10/)]);
    const [, after] = await retry(session, first.run.id, { belowMinimum: "on-demand" });
    expect(after.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 60 } });
    expect(after.shards[1]).toMatchObject({ lane: "on_demand", round: 1, recordCount: 4 });
  });

  it("goes on by itself until a record was sent as often as allowed, then says so", async () => {
    const { session, first } = await runWith({ records: [{ fault: "throttled", times: 32 }] });
    expect(first.summary.outcomeCounts.error).toBe(32);
    const { session: other, first: always } = await runWith({ records: [{ fault: "internal" }] });
    const [, after] = await retry(other, always.run.id, { maxAttempts: 3 });
    expect(after.shards.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(after.summary.outcomeCounts.error).toBe(60);
    const plan = await planRetry(other, always.run.id, { maxAttempts: 3 });
    expect([waysOf(plan.sent), waysOf(plan.left)]).toEqual([{}, { spent: 60 }]);
    const [, mended] = await retry(session, first.run.id, { maxAttempts: 3 });
    expect(mended.summary.outcomeCounts.answered).toBe(60);
  });

  it("stops at --max-cost, and keeps what there is", async () => {
    const { session, first } = await runWith({ records: [{ fault: "throttled", times: 20 }] });
    const paid = first.summary.paidUsd ?? 0;
    const plan = await planRetry(session, first.run.id, { maxCostUsd: paid });
    const error = await findFailure(() => checkRetry(session, plan));
    expect(error.code).toBe("MAX_COST");
    const { finished } = await driveRun(session, first.run.id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(40);
  });

  it("is begun once, though two were planned", async () => {
    const { session, first } = await runWith({ records: [{ fault: "throttled", times: 20 }] });
    const [one, other] = [await planRetry(session, first.run.id, {}), await planRetry(session, first.run.id, {})];
    expect(one.files.lines).not.toBe(other.files.lines);
    await startRetry(session, other);
    expect((await findFailure(() => startRetry(session, one))).code).toBe("RUN_UNFINISHED");
    await dropRetry(session, one);
    await dropRetry(session, other);
    const { finished } = await driveRun(session, first.run.id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 2, outcomeCounts: { answered: 60 } });
  });

  it("of a run that is under way is refused", async () => {
    const { folder, session } = await openLocalRun({ speed: 60 });
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "once");
    expect((await findFailure(() => planRetry(session, id, {}))).code).toBe("RUN_UNFINISHED");
  });

  it("of a stopped run sends what was never sent, once", async () => {
    const { folder, session } = await openLocalRun({
      speed: 60,
      quotas: ["min-records=10", "records-per-job=20", "jobs-in-flight=1"],
    });
    const id = await startTestRun(session, writeTexts(folder, 60));
    await driveRun(session, id, "once");
    const { finished: stopped } = await driveRun(session, id, "stop");
    expect(stopped?.summary.outcomeCounts.missing).toBe(60);
    const plan = await planRetry(session, id, {});
    expect([waysOf(plan.sent), plan.unsentCount]).toEqual([{ again: 60 }, 40]);
  });
});

describe("a run that may try more than once", () => {
  it("sends again by itself, and ends in one table", async () => {
    const { folder, session } = await openLocalRun({
      faults: { records: [{ fault: "timeout", times: 15 }] },
      quotas: ["min-records=10"],
    });
    const id = await startTestRun(session, writeTexts(folder, 50), { maxAttempts: 2 });
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 2, outcomeCounts: { answered: 50 } });
  });
});
