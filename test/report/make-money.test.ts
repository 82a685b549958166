import { describe, expect, it } from "vitest";
import { makeMoneyTable } from "../../src/foundation/money-table.ts";
import { makeMoney, noUsage } from "../../src/report/make-money.ts";

const prices = {
  batch: { inputUsd: 0.4, outputUsd: 1.6 },
  onDemand: { inputUsd: 0.8, outputUsd: 3.2 },
  asOf: "2026-07-24",
  source: "a page",
};
const none = {
  estimateUsd: undefined,
  prices,
  once: { rowCount: 0, usd: 0 },
  earlier: { requestCount: 0, usage: noUsage },
};
const use = (
  kind: "batch" | "on_demand" | "retry" | "canary",
  requestCount: number,
  inputTokens: number,
  outputTokens: number,
) => ({
  kind,
  requestCount,
  usage: { inputTokens, outputTokens },
  isReported: true,
  price: kind === "batch" || kind === "retry" ? prices.batch : prices.onDemand,
});

describe("a run's money", () => {
  it("is the reported usage at the prices: of a published job of 2,400 records on Nova Pro $1.43, half of on demand", () => {
    // manifest.json.out in aws-samples' notebook batch-inference-launch-and-compare-jobs, January 2025.
    const money = makeMoney({ ...none, used: [use("batch", 2400, 1_951_382, 405_633)] });
    expect(money.paidUsd).toBeCloseTo(0.7805528 + 0.6490128, 7);
    expect(money.onDemandUsd).toBeCloseTo(2 * 1.4295656, 7);
    expect(money.savedByBatchUsd).toBeCloseTo(1.4295656, 7);
  });

  it("has each way apart, and they add up", () => {
    const used = [
      use("canary", 5, 500, 100),
      use("batch", 100, 10_000, 2_000),
      use("batch", 50, 5_000, 1_000),
      use("retry", 3, 300, 60),
    ];
    const { parts, paidUsd } = makeMoney({ ...none, used });
    expect(parts.map(({ kind, requestCount, usage }) => [kind, requestCount, usage.inputTokens])).toEqual([
      ["batch", 150, 15_000],
      ["retry", 3, 300],
      ["canary", 5, 500],
    ]);
    expect(parts.reduce((sum, { usd = 0 }) => sum + usd, 0)).toBeCloseTo(paidUsd ?? 0, 12);
  });

  it("counts what was not sent once: sharing a request, and answers of earlier runs at the price of batch", () => {
    const money = makeMoney({
      ...none,
      used: [use("batch", 10, 1000, 100)],
      once: { rowCount: 4, usd: 0.5 },
      earlier: { requestCount: 7, usage: { inputTokens: 1_000_000, outputTokens: 500_000 } },
    });
    expect([money.onceCount, money.savedByOnceUsd, money.earlierCount]).toEqual([4, 0.5, 7]);
    expect(money.savedByEarlierUsd).toBeCloseTo(0.4 + 0.8, 12);
  });

  it("still counts tokens where no price is known, and invents none", () => {
    const part = { ...use("batch", 10, 1000, 100), price: undefined };
    const money = makeMoney({ ...none, prices: undefined, used: [part] });
    expect(money).toEqual({
      parts: [{ kind: "batch", requestCount: 10, usage: { inputTokens: 1000, outputTokens: 100 } }],
      onceCount: 0,
      savedByOnceUsd: 0,
      earlierCount: 0,
      savedByEarlierUsd: 0,
    });
    const table = makeMoneyTable(money, { kind: "aws", accountId: "1", region: "r" });
    expect(table.map(({ label, figure }) => [label, figure])).toEqual([
      ["paid", "not known"],
      ["on demand", "not known"],
      ["saved by batch pricing", "not known"],
    ]);
  });

  it("knows no cost where an answer came without its tokens", () => {
    const money = makeMoney({ ...none, used: [{ ...use("batch", 10, 0, 0), isReported: false }] });
    expect([money.paidUsd, money.onDemandUsd, money.savedByBatchUsd]).toEqual([undefined, undefined, undefined]);
  });

  it("of a simulation is what it would cost, never what was paid or saved", () => {
    const money = makeMoney({ ...none, used: [use("batch", 10, 1000, 100), use("retry", 1, 100, 10)] });
    const local = makeMoneyTable(money, { kind: "local", accountId: "1", region: "r" }, 0.2);
    expect(local.map(({ label }) => label)).toEqual([
      "reserved",
      "  batch",
      "  retries",
      "would cost",
      "on demand",
      "would save by batch pricing",
    ]);
    expect(local.at(-1)?.note).toBe("50 % of the on-demand price");
  });
});
