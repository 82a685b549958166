import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  cleanWorkspace,
  describeCatalogue,
  keepLocal,
  listDrafts,
  makePolicies,
  makeTemplate,
  readSettings,
  setup,
} from "../../src/admin.ts";
import {
  beginBatch,
  beginRetry,
  checkOutput,
  collectRun,
  findRunId,
  loadBatch,
  planBatch,
  planRetry,
  resumeRun,
  sendNotices,
  showRun,
  totalRuns,
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

const load = () => {
  const rows = Array.from({ length: count }, (_, index) => `${index},text number ${index}\n`).join("");
  const source = writeFile(folder, "texts.csv", `id,text\n${rows}`);
  const promptFile = writeFile(folder, "prompt.md", "---\nmodel: nova-micro\n---\nRepeat: {{text}}\n");
  return loadBatch({ source, promptFile, name: "texts" });
};

describe("a batch of files", () => {
  it("is planned with all its details, and its draft stays where that is asked for", async () => {
    const batch = await load();
    expect(batch.table).toMatch(/texts\.csv$/);
    const plan = await planBatch(batch, { ...local, maxCostUsd: 5, keepDraft: true });
    expect(plan).toMatchObject({ table: batch.table, maxTokens: 1024, recordCount: count, problems: [] });
    expect(plan.details).toMatchObject({
      rowCount: count,
      model: { label: "Nova Micro" },
      limits: { minRecordsPerJob: 100 },
    });
    expect(plan.caps).toMatchObject([{ option: "--max-cost", maxUsd: 5 }]);
    expect(plan.reads).toContain(batch.table);
    expect(plan.pins["model"]).toContain("nova-micro");
    expect(await listDrafts(local)).toMatchObject([{ isInUse: false }]);
    const kept = await cleanWorkspace(local);
    expect([kept.drafts.length, (await listDrafts(local)).length]).toEqual([1, 1]);
    const gone = await cleanWorkspace({ ...local, confirm: ({ drafts }) => drafts.length === 1 });
    expect([gone.drafts.length, (await listDrafts(local)).length]).toEqual([1, 0]);
  });

  it("refuses options and words that it does not know", async () => {
    const batch = await load();
    expect(await findFailure(() => planBatch(batch, { ...local, maxCost: 5 } as object))).toMatchObject({
      message: expect.stringContaining("maxCostUsd"),
    });
    const invocation = "chat" as "converse";
    expect(await findFailure(() => loadBatch({ source: batch.table, prompt: "{{text}}", invocation }))).toMatchObject({
      code: "BAD_OPTIONS",
    });
    await expect(checkOutput(batch.table, [batch.table])).rejects.toMatchObject({ code: "OUTPUT_IS_INPUT" });
  });
});

describe("a run that was begun", () => {
  it("is shown, collected and told about, and what a call did is said", async () => {
    const close = await keepLocal(local);
    try {
      const batch = await load();
      const plans: number[] = [];
      const { runId, isJoined } = await beginBatch(batch, { ...local, onPlan: (plan) => plans.push(plan.recordCount) });
      expect([isJoined, plans, await findRunId("texts", local)]).toEqual([false, [count], runId]);
      const first = await collectRun(runId, local);
      expect(first.work).toMatchObject({ isFinished: false, pendingCount: 1 });
      const asked = await showRun(runId, { ...local, ask: true });
      expect(asked).toMatchObject({ asked: { unknownIndexes: [] }, load: { label: "Nova Micro" }, ends: {} });
      expect(asked.progress).toMatchObject({ recordCount: count, jobs: [{ lane: "batch", recordCount: count }] });
      expect(await findRunId(undefined, local)).toBe(runId);
      const output = join(folder, "answers.csv");
      const run = await resumeRun(runId, { ...local, output });
      expect(run.work).toMatchObject({ isFinished: true, pendingCount: 0 });
      expect([run.files.output, existsSync(output)]).toEqual([output, true]);
      expect((await resumeRun(runId, local)).work).toMatchObject({ wasOver: true });
      expect((await run.profile(2)).samples).toHaveLength(2);
      const report = join(folder, "report.md");
      await run.writeReport(report, "md");
      expect(existsSync(report)).toBe(true);
      const mark = join(folder, "told");
      expect(await sendNotices(run, [{ way: "command", command: `cat > ${mark}` }], local)).toEqual([]);
      expect(existsSync(mark)).toBe(true);
      const { runs, totals } = await totalRuns(local);
      expect([runs.map(({ id }) => id), totals]).toMatchObject([[runId], [{ kind: "local", runCount: 1 }]]);
    } finally {
      await close();
    }
  });

  it("has nothing to send again where every answer is good", async () => {
    const { runId } = await beginBatch(await load(), local);
    await resumeRun(runId, local);
    expect(await planRetry(runId, local)).toMatchObject({ runId, isWorthwhile: false, recordCount: 0, sent: [] });
    expect(await beginRetry("texts", local)).toEqual({ runId, isJoined: false, plan: undefined });
    const failure = await findFailure(() => planRetry(runId, { ...local, maxAttempts: 1 }));
    expect(failure.message).toContain("maxAttempts is 1");
  });
});

describe("what surrounds runs", () => {
  it("is settled by options, and makes nothing without a yes", async () => {
    expect(await readSettings({ ...local, bucket: "my-bucket" })).toMatchObject({
      ...{ workspace: local.workspace, bucket: "my-bucket", region: "us-east-1", originKind: "local" },
    });
    const planned = await setup({ ...local, models: ["nova-micro"] });
    expect(planned).toMatchObject({ isApplied: false, account: { region: "us-east-1" }, advice: expect.any(Array) });
    expect(planned.steps.map(({ action }) => action)).toContain("create");
    expect(Object.keys((await makePolicies(local)).policies)).toEqual(["trust", "role", "bucket", "caller"]);
    expect(await makeTemplate(local)).toHaveProperty("Resources");
    const done: string[] = [];
    const made = await setup({ ...local, confirm: () => true, onDone: ({ name }) => done.push(name) });
    expect([made.isApplied, done.length > 2]).toEqual([true, true]);
    const undone = await setup({ ...local, undo: true });
    expect(undone.steps.map(({ action }) => action)).toContain("remove");
    expect((await describeCatalogue()).models.map(({ alias }) => alias)).toContain("nova-micro");
  });
});
