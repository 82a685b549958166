import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultJobLimits } from "../../src/foundation/limits.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { makeReport, type ReportInput } from "../../src/report/report-html.ts";
import { makeFolder } from "../support/folder.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: sparticuz.args });
}, 60_000);
afterAll(() => browser.close());

const nothing = { low: 0, expected: 0, high: 0 };
const input: ReportInput = {
  runId: "20261121-120000-aaaaa",
  name: "reviews <script>alert(1)</script>",
  createdAt: Date.UTC(2026, 10, 21, 12),
  origin: { kind: "aws", accountId: "123456789012", region: "us-east-1" },
  plan: {
    model: resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs: 0 }),
    limits: defaultJobLimits,
    rowCount: 3512,
    recordCount: 3500,
    skippedCount: 2,
    duplicateCount: 10,
    emptyCells: {},
    sizeBytes: 4_400_000,
    belowMinimum: "fail",
    shards: [],
    lanes: [],
    inputTokens: nothing,
    outputTokens: nothing,
    samples: [{ row: 0, text: "Sentiment of: <b>good</b> & cheap" }],
  },
  summary: {
    rowCount: 3512,
    recordCount: 3500,
    outcomeCounts: { answered: 3400, truncated: 60, refused: 20, invalid: 20, error: 8, missing: 2, skipped: 2 },
    jobCount: 2,
    usage: { inputTokens: 5_000_000, outputTokens: 500_000 },
    paidUsd: 4.11,
    onDemandUsd: 8.22,
    causes: [
      { outcome: "truncated", message: "cut off at max_tokens", count: 60 },
      { outcome: "error", message: "<img src=x onerror=alert(2)>", count: 8 },
    ],
    discrepancies: ["job 2 ended PartiallyCompleted"],
    durationMs: 1_234_000,
  },
  jobs: [
    {
      name: "reviews-1",
      arn: "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghij12",
      status: "PartiallyCompleted",
      message: "not all records could be processed in time",
      recordCount: 1750,
      sizeBytes: 2_200_000,
      link: "https://us-east-1.console.aws.amazon.com/bedrock/home",
    },
  ],
};

describe("report.html in a browser", () => {
  it("shows money, outcomes, causes and jobs; runs nothing and asks nothing of the network", async () => {
    const path = join(makeFolder(), "report.html");
    writeFileSync(path, makeReport(input));
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    const requests: string[] = [];
    const trouble: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => trouble.push(dialog.message()));
    page.on("console", (message) => trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    await page.goto(pathToFileURL(path).href);
    expect(await page.textContent("h1")).toBe("reviews <script>alert(1)</script>");
    expect(await page.textContent(".money")).toBe(
      "3,512 rows · 3,400 answered · 2 jobs · $4.11 paid · $8.22 on demand · $4.11 saved (50 %)   (prices of 2026-07-24)",
    );
    const text = (await page.textContent("body")) ?? "";
    for (const words of [
      "cut off at max_tokens",
      "<img src=x onerror=alert(2)>",
      "PartiallyCompleted",
      "20 min 34 s",
      "<b>good</b>",
    ]) {
      expect(text).toContain(words);
    }
    expect(await page.getAttribute("a", "href")).toBe("https://us-east-1.console.aws.amazon.com/bedrock/home");
    const widths = await page.$$eval(".bar i", (parts) => parts.map((part) => part.getBoundingClientRect().width));
    expect(widths).toHaveLength(7);
    expect(widths[0]).toBeGreaterThan(widths[1] ?? Infinity);
    if (process.env["REPORT_SCREENSHOT"] !== undefined)
      await page.screenshot({ path: process.env["REPORT_SCREENSHOT"], fullPage: true });
    // Nothing is wider than the page, on a phone either.
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    expect(requests).toEqual([pathToFileURL(path).href]);
    expect(trouble).toEqual([]);
    await page.close();
  });
});
