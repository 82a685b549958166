import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBedrockQuotas } from "../../src/aws/service-quotas.ts";
import { priceTokens } from "../../src/foundation/money.ts";
import type { BelowMinimum, JobLimits, Plan, RecordSummary } from "../../src/foundation/types/index.ts";
import { type LocalServer, startLocal } from "../../src/local/index.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { checkPlan } from "../../src/plan/check-plan.ts";
import { findJobLimits } from "../../src/plan/job-limits.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { findBlockSize } from "../../src/requests/measure-sent.ts";
import { findFailure } from "../support/failure.ts";
import { connectionTo } from "../support/local-place.ts";

const nowMs = Date.parse("2026-11-21T12:00:00Z");
const model = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs });
const tokens = { in: 90, out: 40 };

let server: LocalServer;
let limits: JobLimits;
beforeAll(async () => {
  server = await startLocal();
  const quotas = await readBedrockQuotas(connectionTo(server));
  limits = findJobLimits(quotas, model.quotaLabel ?? model.label);
});
afterAll(() => server.close());

/** What the records stage says of so many equal records. */
function makeSummary(recordCount: number): RecordSummary {
  const size = findBlockSize(recordCount);
  const blocks = [];
  for (let fromRow = 0; fromRow < recordCount; fromRow += size) {
    const count = Math.min(size, recordCount - fromRow);
    blocks.push({ fromRow, recordCount: count, sizeBytes: 400 * count });
  }
  const counts = { rowCount: recordCount, recordCount, skippedCount: 0, duplicateCount: 0, emptyCells: {} };
  const inputTokens = recordCount * tokens.in;
  return { ...counts, sizeBytes: 400 * recordCount, maxLineBytes: 400, inputTokens, blocks, samples: [] };
}

function plan(recordCount: number, belowMinimum: BelowMinimum, own: JobLimits = limits): Plan {
  const input = { summary: makeSummary(recordCount), model, limits: own, belowMinimum, maxTokens: tokens.out };
  return makePlan({ ...input, output: undefined });
}

/** The least that the allowed ways cost: every number of jobs of every size, and the rest on demand. */
function findLeastCost(
  recordCount: number,
  inputTokens: number,
  { minRecordsPerJob: least, maxRecordsPerJob: most }: JobLimits,
): number {
  const { batch, onDemand } = model.prices ?? {};
  if (batch === undefined || onDemand === undefined) throw new Error("the model has no price");
  const costs: number[] = [];
  // Far from the count itself nothing new comes: every number that jobs can hold is near.
  for (let inJobs = recordCount; inJobs >= Math.max(0, recordCount - 1_100); inJobs -= 1) {
    const isHeld = Math.ceil(inJobs / most) * least <= inJobs;
    if (!isHeld) continue;
    const rest = recordCount - inJobs;
    costs.push(
      priceTokens(batch, { inputTokens: inJobs * inputTokens, outputTokens: inJobs * tokens.out }) +
        priceTokens(onDemand, { inputTokens: rest * inputTokens, outputTokens: rest * tokens.out }),
    );
  }
  return Math.min(...costs);
}

function expectSound(recordCount: number, own: JobLimits): void {
  const { shards, lanes, costUsd, inputTokens } = plan(recordCount, "on-demand", own);
  const most = Math.min(own.maxRecordsPerJob, own.maxRecordsPerFile);
  let row = 0;
  for (const shard of shards) {
    expect(shard.fromRow).toBe(row);
    row = shard.toRow;
    if (shard.lane !== "batch") continue;
    if (
      shard.recordCount < own.minRecordsPerJob ||
      shard.recordCount > most ||
      shard.sizeBytes > own.maxFileSizeBytes
    ) {
      throw new Error(`${recordCount} records: a job of ${shard.recordCount}`);
    }
  }
  expect(row).toBe(recordCount);
  expect(lanes.reduce((sum, lane) => sum + lane.recordCount, 0)).toBe(recordCount);
  expect(costUsd?.high).toBeCloseTo(findLeastCost(recordCount, inputTokens.high / recordCount, own), 8);
}

describe("the plan, with the quotas of the local service's account", () => {
  it("has no job under the minimum and the least cost, for every count of records from 1 to 1,100", () => {
    expect(limits.source).toBe("quota of this account");
    for (let count = 1; count <= 1_100; count += 1) expectSound(count, limits);
  });

  it.each([49_999, 50_000, 50_001, 99_999, 100_000, 100_001, 250_000, 1_000_000])(
    "has no job under the minimum and the least cost for %i records",
    (count) => expectSound(count, limits),
  );

  it("leaves no more to on demand than no job can take, where the limits leave gaps", () => {
    const gapped = { ...limits, minRecordsPerJob: 100, maxRecordsPerJob: 130, maxRecordsPerFile: 130 };
    for (let count = 1; count <= 700; count += 1) expectSound(count, gapped);
    expect(plan(180, "on-demand", gapped).lanes.map(({ lane, recordCount }) => [lane, recordCount])).toEqual([
      ["batch", 130],
      ["on_demand", 50],
    ]);
  });

  it("is accepted from the minimum on; below it is refused with the price on demand, unless that is allowed", async () => {
    for (let count = 1; count <= 1_100; count += 1) {
      checkPlan(plan(count, "on-demand"), "t.csv");
      if (count >= 100) checkPlan(plan(count, "fail"), "t.csv");
    }
    const error = await findFailure(() => checkPlan(plan(60, "fail"), "t.csv"));
    expect([error.code, error.message]).toEqual([
      "TOO_FEW_RECORDS",
      "t.csv gives 60 records; a batch job for Claude Haiku 4.5 needs at least 100 (quota of this account).",
    ]);
    expect(error.fix).toContain("--below-minimum on-demand  (about $0.0");
  });
});
