import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import { planRun } from "../../../src/run/plan/plan-run.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { driveRun } from "../../../src/run/start-and-resume/drive-run.ts";
import { approveCanary } from "../../../src/run/start-and-resume/run-canary.ts";
import { findFailure } from "../../support/failure.ts";
import { openLocalRun, startTestRun, writeTexts } from "../../support/local-run.ts";
import { readResults, runToEnd } from "../../support/run-to-end.ts";

const prompt = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
const canary = { count: 20, seed: 1 };

describe("a canary", () => {
  it("is asked on demand before the rest, is not sent again, and stands apart in the money", async () => {
    const { session, folder } = await openLocalRun();
    const finished = await runToEnd(session, { first: writeTexts(folder, 300), ...prompt }, { canary });
    const { plan, summary, run } = finished;
    expect([plan.canary?.recordCount, plan.recordCount, run.canary?.isPassed]).toEqual([20, 280, true]);
    expect(summary.outcomeCounts.answered).toBe(300);
    const parts = summary.money?.parts ?? [];
    expect(parts.map(({ kind, requestCount }) => [kind, requestCount])).toEqual([
      ["batch", 280],
      ["canary", 20],
    ]);
    // On demand costs twice as much a token.
    const [batch, own] = parts.map(({ usd = 0, requestCount }) => usd / requestCount);
    expect((own ?? 0) / (batch ?? 1)).toBeGreaterThan(1.8);
    const [sum] = await readResults(finished, "SELECT sum(_halfprice_cost_usd) AS usd FROM results");
    expect(sum?.["usd"]).toBeCloseTo(summary.paidUsd ?? 0, 12);
  });

  it("makes the estimate narrower, and what came is inside of it", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTexts(folder, 400);
    const request = await readRequest({ first, ...prompt }, parseRunOptions({}, "test"));
    const before = (await planRun(session, request)).plan;
    const { plan, summary } = await runToEnd(session, { first, ...prompt }, { canary });
    const width = (estimate: { low: number; high: number }): number => estimate.high / estimate.low;
    expect(width(plan.inputTokens)).toBeLessThan(1.4);
    expect(width(before.inputTokens)).toBeGreaterThan(2);
    expect(plan.costUsd?.high).toBeLessThan((before.costUsd?.high ?? 0) / 5);
    expect(summary.paidUsd).toBeGreaterThan(plan.costUsd?.low ?? Infinity);
    expect(summary.paidUsd).toBeLessThan(plan.costUsd?.high ?? 0);
  });

  it("takes the same records for the same seed, and leaves enough for a job", async () => {
    const { session, folder } = await openLocalRun();
    const ids = async (name: string, seed: number): Promise<unknown[]> => {
      const finished = await runToEnd(
        session,
        { first: writeTexts(folder, 110), ...prompt, name },
        { canary: { count: 50, seed }, fullRefresh: true },
      );
      expect(finished.plan.lanes.map(({ recordCount }) => recordCount)).toEqual([100]);
      return readResults(
        finished,
        "SELECT id FROM results WHERE _halfprice_cost_usd > 0 ORDER BY _halfprice_cost_usd DESC, id LIMIT 10",
      );
    };
    const [one, same, other] = [await ids("a", 1), await ids("b", 1), await ids("c", 2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    const few = await findFailure(() =>
      runToEnd(session, { first: writeTexts(folder, 100), ...prompt }, { canary, fullRefresh: true }),
    );
    expect(few.code).toBe("BAD_OPTIONS");
  });

  it("that is not as it should be stops the rest, in any process, until a person lets it follow", async () => {
    const fault = {
      kind: "error",
      type: "ValidationException",
      status: 400,
      message: "temperature is deprecated",
    } as const;
    const { session, folder } = await openLocalRun({
      faults: { calls: [{ operation: "InvokeModel", after: 5, times: 3, fault }] },
    });
    const id = await startTestRun(session, writeTexts(folder, 300), { canary });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const error = await findFailure(() => driveRun(session, id, "follow"));
      expect([error.code, error.message]).toEqual([
        "CANARY",
        expect.stringContaining("3 of 20 error: ValidationException: temperature is deprecated"),
      ]);
      expect(error.message).toContain("the other 280 records were not sent");
    }
    await approveCanary(session, id);
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts).toMatchObject({ answered: 297, error: 3 });
  });

  it("that is not as it should be leaves its answers to a run that is stopped, and to the next", async () => {
    const fault = { kind: "error", type: "ValidationException", status: 400, message: "no" } as const;
    const { session, folder } = await openLocalRun({
      faults: { calls: [{ operation: "InvokeModel", times: 1, fault }] },
    });
    const first = writeTexts(folder, 300);
    const id = await startTestRun(session, first, { canary });
    expect((await findFailure(() => driveRun(session, id, "follow"))).code).toBe("CANARY");
    const { finished } = await driveRun(session, id, "stop");
    expect(finished?.summary).toMatchObject({ jobCount: 0, outcomeCounts: { answered: 19 } });
    expect(finished?.summary.paidUsd).toBeGreaterThan(0);
    const next = await runToEnd(session, { first, ...prompt });
    expect([next.plan.earlier?.requestCount, next.summary.outcomeCounts.answered]).toEqual([19, 300]);
  });
});
