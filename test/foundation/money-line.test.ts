import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatTokens, formatUsd } from "../../src/foundation/format.ts";
import { makeMoneyLines } from "../../src/foundation/money-line.ts";
import type { RunSummary } from "../../src/foundation/types/index.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";

const model = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs: Date.UTC(2026, 10, 21) });
const none = { answered: 0, truncated: 0, refused: 0, invalid: 0, error: 0, missing: 0, skipped: 0 };
const summary: RunSummary = {
  rowCount: 3512,
  recordCount: 3512,
  outcomeCounts: { ...none, answered: 3512 },
  jobCount: 2,
  usage: { inputTokens: 5_000_000, outputTokens: 500_000 },
  paidUsd: 4.11,
  onDemandUsd: 8.22,
  causes: [],
  discrepancies: [],
  durationMs: 9000,
};
const aws = { kind: "aws", accountId: "123456789012", region: "us-east-1" } as const;
const local = { ...aws, kind: "local" } as const;

describe("the money line", () => {
  it("says what was paid and saved, with the date of the prices", () => {
    expect(makeMoneyLines({ summary, model, origin: aws })).toEqual([
      "3,512 rows · 2 jobs · $4.11 paid · $8.22 on demand · $4.11 saved (50 %)   (prices of 2026-07-24)",
    ]);
  });

  it("has the true percentage, and the answers where not every row has one", () => {
    const other = { ...summary, outcomeCounts: { ...none, answered: 3000, error: 512 }, onDemandUsd: 6 };
    expect(makeMoneyLines({ summary: other, model, origin: aws })[0]).toContain(
      "3,000 answered · 2 jobs · $4.11 paid · $6.00 on demand · $1.89 saved (31 %)",
    );
  });

  it("of a simulation says what it would cost, and never that it saved", () => {
    const lines = makeMoneyLines({ summary, model, origin: local });
    expect(lines[0]).toBe(
      "3,512 rows · 3,512 answered · 2 jobs · 9 s   (local service; answers are simulated, not a model's)",
    );
    expect(lines[1]).toBe("On AWS with Claude Haiku 4.5, prices of 2026-07-24: would cost $4.11, on demand $8.22");
    expect(lines.join()).not.toMatch(/saved|paid/);
  });

  it("of a model without a price counts tokens and invents nothing", () => {
    const { paidUsd: _, onDemandUsd: __, ...unpriced } = summary;
    const { prices: ___, ...unknown } = model;
    const [line] = makeMoneyLines({ summary: unpriced, model: unknown, origin: aws });
    expect(line).toMatch(/5,000,000 input tokens.* 500,000 output tokens .* price of Claude Haiku 4\.5 not known/);
    expect(line).not.toContain("$");
  });
});

describe("figures", () => {
  it.each([
    [formatUsd(0), "$0.00"],
    [formatUsd(0.00123), "$0.0012"],
    [formatUsd(1234.5), "$1,234.50"],
    [formatBytes(999), "999 B"],
    [formatBytes(4_400_000), "4.4 MB"],
    [formatBytes(999_999), "1.0 MB"],
    [formatDuration(9_400), "9 s"],
    [formatDuration(250_000), "4 min 10 s"],
    [formatDuration(12_000_000), "3 h 20 min"],
    [formatTokens(9_999), "9,999"],
    [formatTokens(286_400), "286 k"],
    [formatTokens(12_345_678), "12.3 M"],
  ])("%s is shown so", (shown, expected) => {
    expect(shown).toBe(expected);
  });
});
