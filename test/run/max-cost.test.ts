import { describe, expect, it } from "vitest";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { checkRunPlan } from "../../src/run/plan/check-run-plan.ts";
import { type PlannedRun, planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { type Session } from "../../src/workspace/session.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";

/** 200 records of at most 100 output tokens: at most $0.055 of output, and a little input. */
async function plan(session: Session, table: string, options: Partial<RunOptions>): Promise<PlannedRun> {
  const request = await readRequest(
    { first: table, prompt: `Repeat: {{text}}`, model: "claude-haiku-4.5", name: String(Math.random()) },
    { ...parseRunOptions({}, "test"), maxTokens: 100, fullRefresh: true, ...options },
  );
  const planned = await planRun(session, request);
  checkRunPlan(planned, request);
  return planned;
}

describe("a cost limit over all runs", () => {
  it("counts what was spent, what is reserved for jobs in flight, and the upper end of the new estimate", async () => {
    const { session, folder } = await openLocalRun({ speed: 6000 });
    const table = writeTexts(folder, 200);
    const first = await plan(session, table, {});
    const upperUsd = first.plan.costUsd?.high ?? 0;
    expect(upperUsd).toBeGreaterThan(0.055);
    // In flight: its upper estimate is reserved, so a second of the same size does not fit.
    await startRun(session, first, undefined);
    const maxUsd = upperUsd * 1.9;
    const busy = await findFailure(() => plan(session, table, { maxCostTotalUsd: maxUsd }), "MAX_COST");
    expect(busy.details).toMatchObject({ option: "--max-cost-total", spentUsd: 0, upperUsd, maxUsd });
    expect(busy.details.reservedUsd).toBeCloseTo(upperUsd, 10);
    expect(busy.message).toBe(
      `This may cost up to $${upperUsd.toFixed(2)}. With $0.00 spent and $${upperUsd.toFixed(2)} reserved for what is under way that is $${(upperUsd * 2).toFixed(2)}. --max-cost-total allows $${maxUsd.toFixed(2)}.`,
    );
    // Done: what it really cost takes the place of what was reserved.
    const { finished } = await driveRun(session, first.run.id, "follow");
    const paidUsd = finished?.summary.paidUsd ?? 0;
    expect(paidUsd).toBeGreaterThan(0);
    expect(paidUsd).toBeLessThan(upperUsd * 0.9);
    const second = await plan(session, table, { maxCostTotalUsd: maxUsd });
    expect(second.caps[0]?.spending).toMatchObject({ spentUsd: paidUsd, reservedUsd: 0 });
    expect((await findFailure(() => plan(session, table, { maxCostTotalUsd: upperUsd }))).code).toBe("MAX_COST");
  });

  it("is looked at once more when the run begins: two that were planned side by side do not both start", async () => {
    const { session, folder } = await openLocalRun();
    const table = writeTexts(folder, 200);
    const upperUsd = (await plan(session, table, {})).plan.costUsd?.high ?? 0;
    const [one, other] = await Promise.all([
      plan(session, table, { maxCostTotalUsd: upperUsd * 1.5 }),
      plan(session, table, { maxCostTotalUsd: upperUsd * 1.5 }),
    ]);
    await startRun(session, one, undefined);
    expect((await findFailure(() => startRun(session, other, undefined))).code).toBe("MAX_COST");
    expect(await listRuns(session)).toHaveLength(1);
  });

  it("cannot be kept while a model without a known price is under way", async () => {
    const { session, folder } = await openLocalRun();
    const table = writeTexts(folder, 200);
    const request = await readRequest(
      { first: table, prompt: "{{text}}", model: "mistral-small" },
      parseRunOptions({}, "test"),
    );
    await startRun(session, await planRun(session, request), undefined);
    const error = await findFailure(() => plan(session, table, { maxCostTotalUsd: 100 }));
    expect([error.code, error.message]).toEqual([
      "PRICE_UNKNOWN",
      expect.stringMatching(/Mistral Small.* is not known, so --max-cost-total cannot be kept/),
    ]);
    await plan(session, table, { maxCostUsd: 100 });
  });
});
