import { describe, expect, it } from "vitest";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { beginRun } from "../../src/library/begin-run.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { makeFolder } from "../support/folder.ts";
import { writeGold } from "../support/gold.ts";
import { openLocalRun } from "../support/local-run.ts";

const canary = { count: 300, seed: 1 };
const prompt = "Which topic has this message?\n\nMessage: {{text}}";

async function open(count: number, more: Parameters<typeof writeGold>[2] = {}) {
  const files = writeGold(makeFolder(), count, more);
  const { session } = await openLocalRun({ modelBehaviour: files.behaviour });
  const input = { first: files.table, prompt, model: "nova-micro", output: files.schema };
  const run = async (options: Partial<RunOptions>) => {
    const request = await readRequest(input, { ...parseRunOptions({ answerPrefix: "a_" }, "test"), ...options });
    let asked = 0;
    const { runId, isJoined } = await beginRun(session, request, {
      confirm: () => {
        asked += 1;
        return true;
      },
    });
    const { finished } = await driveRun(session, runId, "follow");
    if (finished === undefined) throw new Error("the run did not end");
    return { ...finished, asked, isJoined };
  };
  return { session, run };
}

describe("a canary of packed requests", () => {
  it("takes the most rows that are shown to be no worse, and what it has asked is not paid again", async () => {
    const { session, run } = await open(5300, { packed: { drop: 0.01, reorder: 0.01 }, seed: 5 });
    const { plan, summary, asked } = await run({ pack: "auto", canary });
    expect(asked).toBe(1);
    const { decision } = plan.pack ?? {};
    expect(decision?.trials.map(({ rowsPerRequest, isWithin }) => [rowsPerRequest, isWithin])).toEqual([
      [5, true],
      [10, true],
      [25, true],
      [50, true],
    ]);
    expect(decision?.trials[0]).toMatchObject({ packed: { value: 1 }, single: { value: 1 } });
    expect(decision?.trials[0]?.lostCount).toBeGreaterThan(0);
    expect(plan).toMatchObject({ recordCount: 5000, earlier: { requestCount: 300 }, pack: { rowsPerRequest: 50 } });
    expect(summary.outcomeCounts.answered).toBe(5300);
    expect((await listRuns(session)).length).toBe(6);
  });

  it("leaves rows alone where contents are exchanged under right keys, and asks nothing twice when it is run again", async () => {
    const { session, run } = await open(1200, { packed: { exchange: 0.1 }, seed: 5 });
    const first = await run({ pack: "auto", canary });
    const { decision } = first.plan.pack ?? {};
    expect(decision).toMatchObject({ rowsPerRequest: 1, trials: [{ rowsPerRequest: 5, isWithin: false }] });
    expect(first.plan.pack).toMatchObject({ rowsPerRequest: 1, requestCount: 900 });
    expect(first.summary.outcomeCounts.answered).toBe(1200);
    const before = (await listRuns(session)).length;
    const again = await run({ pack: "auto", answerPrefix: "b_" });
    expect(again.plan.recordCount).toBe(0);
    expect((await listRuns(session)).length).toBe(before + 1);
  });

  it("stops a size that was asked for and is not within the tolerance", async () => {
    const { run } = await open(1200, { packed: { exchange: 0.1 }, seed: 5 });
    const wanted = run({ pack: 10, canary });
    await expect(wanted).rejects.toMatchObject({ code: "PACK_CANARY", exitCode: 3 });
    await expect(wanted).rejects.toThrow(
      /With 10 rows in a request \d+\.\d % of 300 answers .*--pack-tolerance allows 2 points/,
    );
    const { plan } = await run({ pack: 10, canary, packTolerance: 0.5 });
    expect(plan.pack).toMatchObject({
      rowsPerRequest: 9,
      decision: { trials: [{ rowsPerRequest: 10, isWithin: true }] },
    });
  });

  it("is not paid twice where it ends half way and is begun again", async () => {
    const files = writeGold(makeFolder(), 1200, { packed: {}, seed: 5 });
    let isBroken = true;
    const onStep = (step: string): void => {
      if (isBroken && step.startsWith("5 rows in a request")) throw new Error("the process ends here");
    };
    const { session } = await openLocalRun({ modelBehaviour: files.behaviour }, { onStep });
    const input = { first: files.table, prompt, model: "nova-micro", output: files.schema };
    const request = await readRequest(input, {
      ...parseRunOptions({ answerPrefix: "a_" }, "test"),
      pack: "auto",
      canary,
    });
    await expect(beginRun(session, request)).rejects.toThrow("the process ends here");
    isBroken = false;
    const { runId } = await beginRun(session, request);
    const { finished } = await driveRun(session, runId, "follow");
    expect(finished?.plan.pack?.decision?.trials.map(({ rowsPerRequest }) => rowsPerRequest)).toEqual([5, 10]);
    const asked = (await listRuns(session)).flatMap(({ id, name, summary }) =>
      id === runId ? [] : [[name, (summary?.money?.parts ?? []).reduce((sum, part) => sum + part.requestCount, 0)]],
    );
    expect(Object.fromEntries(asked.filter(([, count]) => count !== 0))).toEqual({
      "gold-which-topic-has-canary": 600,
      "gold-which-topic-has-canary-5": 60,
      "gold-which-topic-has-canary-10": 30,
    });
  });

  it("is left out where rows share so little that packs would cost more", async () => {
    const files = writeGold(makeFolder(), 1200);
    const { session } = await openLocalRun({ modelBehaviour: files.behaviour });
    const input = { first: files.table, prompt: "Repeat {{text}}", model: "nova-micro" };
    const request = await readRequest(input, { ...parseRunOptions({ maxTokens: "40" }, "test"), pack: "auto", canary });
    const { plan } = await planRun(session, request);
    expect(plan.pack).toMatchObject({ rowsPerRequest: 1, requestCount: 1200, decision: { trials: [] } });
    expect(plan.pack?.decision?.reason).toMatch(/Rows share too little of a request/);
  });

  it("is left out where there are too few rows for it", async () => {
    const { run } = await open(400);
    const { plan } = await run({ pack: "auto" });
    expect(plan.pack).toMatchObject({ rowsPerRequest: 1, decision: { trials: [] } });
    expect(plan.pack?.decision?.reason).toMatch(/400 records are too few/);
  });
});
