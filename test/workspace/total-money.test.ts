import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Config } from "../../src/config/read-config.ts";
import { type RunSummary } from "../../src/foundation/types/index.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { recordRun, recordRunState } from "../../src/ledger/runs.ts";
import { makeMoney, noUsage } from "../../src/report/make-money.ts";
import { planRetry } from "../../src/run/retry/plan-retry.ts";
import { checkRetry, startRetry } from "../../src/run/retry/start-retry.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { runPaths } from "../../src/workspace/run-folder.ts";
import { totalMoney } from "../../src/workspace/total-money.ts";
import { makeFolder } from "../support/folder.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { makePlanFile, makeRunFile } from "../support/run-files.ts";
import { readResults } from "../support/run-to-end.ts";

const prices = {
  batch: { inputUsd: 1, outputUsd: 5 },
  onDemand: { inputUsd: 2, outputUsd: 10 },
  asOf: "2026-07-24",
  source: "a page",
};

function makeSummary(inputTokens: number): RunSummary {
  const money = makeMoney({
    estimateUsd: undefined,
    used: [
      {
        kind: "batch",
        requestCount: 10,
        usage: { inputTokens, outputTokens: 0 },
        isReported: true,
        price: prices.batch,
      },
    ],
    prices,
    once: { rowCount: 0, usd: 0 },
    earlier: { requestCount: 0, usage: noUsage },
  });
  const outcomeCounts = { answered: 10, truncated: 0, refused: 0, invalid: 0, error: 0, missing: 0, skipped: 0 };
  const counts = { rowCount: 10, recordCount: 10, outcomeCounts, jobCount: 1, usage: { inputTokens, outputTokens: 0 } };
  const { paidUsd = 0, onDemandUsd = 0 } = money;
  return { ...counts, paidUsd, onDemandUsd, money, causes: [], discrepancies: [], durationMs: 1 };
}

describe("the totals of all runs", () => {
  it("are of each account apart; a simulation never adds to what was paid", async () => {
    const folder = makeFolder();
    const workspace = join(folder, ".halfprice");
    const ledger = openLedger(workspace);
    const begin = async (id: string, kind: "aws" | "local", accountId: string): Promise<void> => {
      // A run without its files reserves nothing that was not sent.
      const { directory, runFile, planFile } = runPaths(workspace, id);
      mkdirSync(directory, { recursive: true });
      writeFileSync(runFile, JSON.stringify(makeRunFile({ id })));
      writeFileSync(planFile, JSON.stringify(makePlanFile()));
      await recordRun(
        ledger,
        {
          ...{
            id,
            name: id,
            fingerprint: id,
            modelLabel: "M",
            rowCount: 10,
            recordCount: 10,
            createdAt: 1,
            outputPath: undefined,
          },
          origin: { kind, accountId, region: "us-east-1" },
          estimateUsd: { low: 1, expected: 2, high: 4 },
          shards: [{ index: 0, recordCount: 10, fromByte: 0, sizeBytes: 1, estimateHighUsd: 4 }],
        },
        () => undefined,
      );
    };
    await begin("a", "aws", "111111111111");
    await begin("b", "aws", "111111111111");
    await begin("c", "aws", "222222222222");
    await begin("d", "local", "123456789012");
    for (const [id, tokens] of [
      ["a", 1_000_000],
      ["c", 3_000_000],
      ["d", 50_000_000],
    ] as const) {
      await recordRunState(ledger, id, "done", 2, makeSummary(tokens));
    }
    ledger.close();
    const none = {
      region: undefined,
      profile: undefined,
      endpointUrl: undefined,
      bucket: undefined,
      roleArn: undefined,
    };
    const config = { ...none, workspace, prefix: "" } as Config;
    const { totals, runs } = await totalMoney({ config });
    const figures = totals.map(({ kind, accountId, runCount, reservedUsd, money }) => [
      ...[kind, accountId, runCount, reservedUsd],
      ...[money.paidUsd, money.onDemandUsd, money.savedByBatchUsd, money.estimateUsd?.high],
    ]);
    expect(new Set(figures.map((each) => JSON.stringify(each)))).toEqual(
      new Set([
        JSON.stringify(["aws", "111111111111", 2, 4, 1, 2, 1, 8]),
        JSON.stringify(["aws", "222222222222", 1, 0, 3, 6, 3, 4]),
        JSON.stringify(["local", "123456789012", 1, 0, 50, 100, 50, 4]),
      ]),
    );
    expect(runs.find(({ id }) => id === "b")?.reservedUsd).toBe(4);
  });
});

describe("the money of a run that was sent again", () => {
  it("has the retry apart, and is the sum of all jobs and of all rows", async () => {
    const faults = { records: [{ fault: "truncated" as const, times: 20 }] };
    const { session, folder } = await openLocalRun({ faults, quotas: ["min-records=10"] });
    const id = await startTestRun(session, writeTexts(folder, 60), { maxTokens: 40 });
    await driveRun(session, id, "follow");
    const again = await planRetry(session, id, {});
    await checkRetry(session, again);
    await startRetry(session, again);
    const { finished } = await driveRun(session, id, "follow");
    if (finished === undefined) throw new Error("the run did not end");
    const { summary, shards } = finished;
    expect(summary.money?.parts.map(({ kind, requestCount }) => [kind, requestCount])).toEqual([
      ["batch", 60],
      ["retry", 20],
    ]);
    const counted = shards.map(({ attempt }) => JSON.parse(attempt?.manifest ?? "{}") as Record<string, number>);
    const sum = (name: string): number => counted.reduce((total, each) => total + (each[name] ?? 0), 0);
    expect(summary.usage).toEqual({ inputTokens: sum("inputTokenCount"), outputTokens: sum("outputTokenCount") });
    const [rows] = await readResults(finished, "SELECT sum(_halfprice_cost_usd) AS usd FROM results");
    expect(rows?.["usd"]).toBeCloseTo(summary.paidUsd ?? 0, 12);
  });
});
