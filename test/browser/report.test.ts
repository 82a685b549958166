import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultJobLimits } from "../../src/foundation/limits.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { makeReport } from "../../src/report/report-html.ts";
import type { ReportInput } from "../../src/report/report-input.ts";
import { makeFolder } from "../support/folder.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: sparticuz.args });
}, 60_000);
afterAll(() => browser.close());

/** What a cell, a label, a column's name or a message may try. */
const evil = `</script></style></title></pre></svg><script>alert(3)</script><img src="https://example.com/x.png" onerror=alert(4)>" onload="alert(5)' style='x`;

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
      submittedAt: Date.UTC(2026, 10, 21, 12),
      endedAt: Date.UTC(2026, 10, 21, 14),
    },
  ],
  table: {
    answers: [
      {
        kind: "labels",
        name: `sentiment${evil}`,
        count: 3400,
        emptyCount: 0,
        labels: [
          { text: "good", count: 3000 },
          { text: evil, count: 300 },
          { text: "漢字".repeat(40), count: 100 },
        ],
        distinctCount: 3,
        otherCount: 0,
      },
      {
        kind: "numbers",
        name: "score",
        count: 3400,
        emptyCount: 0,
        bins: [
          { from: 0, to: 0.5, count: 400 },
          { from: 0.5, to: 1, count: 3000 },
        ],
        min: 0,
        median: 0.7,
        mean: 0.66,
        max: 1,
      },
      {
        kind: "texts",
        name: "reason",
        count: 3400,
        emptyCount: 12,
        lengths: [{ from: 0, to: 10, count: 3400 }],
        medianLength: 5,
        words: [{ text: evil, count: 12 }],
      },
    ],
    samples: [
      {
        row: 1,
        outcome: "answered",
        prompt: `Sentiment of: <b>good</b> & cheap ${evil}`,
        cells: [],
        answer: [
          [`sentiment${evil}`, `${evil}${"x".repeat(3000)}`],
          ["score", "0.7"],
        ],
        error: undefined,
      },
      { row: 7, outcome: "error", prompt: undefined, cells: [["text", evil]], answer: [], error: evil },
    ],
    inputTokens: [
      { from: 0, to: 100, count: 10 },
      { from: 100, to: 200, count: 20 },
    ],
    outputTokens: [],
  },
  request: {
    prompt: `Sentiment of: {{text}} ${evil}`,
    source: "--prompt",
    settings: [["system prompt", evil]],
    command: `halfprice run reviews.csv --prompt '${evil}'`,
    versions: [["halfprice", "0.1.0"]],
  },
};

describe("report.html in a browser", () => {
  it("says first that most rows have no answer, and why, where that is so", async () => {
    const path = join(makeFolder(), "report.html");
    const outcomeCounts = { answered: 11, truncated: 90, refused: 0, invalid: 0, error: 0, missing: 0, skipped: 0 };
    const causes = [{ outcome: "truncated" as const, message: "cut off at max_tokens", count: 90 }];
    writeFileSync(
      path,
      await makeReport({ ...input, summary: { ...input.summary, rowCount: 101, outcomeCounts, causes } }),
    );
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    await page.goto(pathToFileURL(path).href);
    const top = await page.$eval(".alarm", (alarm) => alarm.getBoundingClientRect().bottom);
    expect(await page.textContent(".alarm")).toMatch(/90 of 101 rows have no answer[\s\S]*cut off at max_tokens/);
    // Without scrolling, on a phone.
    expect(top).toBeLessThan(500);
    const headings = await page.$$eval("h2", (all) => all.map((each) => each.textContent));
    expect(headings[0]).toBe("Without an answer, by cause");
  });

  it("shows money, outcomes, causes and jobs; runs nothing and asks nothing of the network", async () => {
    const path = join(makeFolder(), "report.html");
    writeFileSync(path, await makeReport(input));
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
    // Nor on paper: A4 and Letter within their margins, dark ink on white whatever the screen has.
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const width of [680, 703]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
    const printed = "(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()";
    expect(await page.evaluate(printed)).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
    await page.emulateMedia({ media: "screen" });
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      const [ink, paper] = await page.evaluate<[string, string]>(
        "(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()",
      );
      expect(colorScheme === "dark" ? paper : ink).toMatch(/^rgb\((1|2|3)\d, (1|2|3)\d, (1|2|3|4)\d\)$/);
      // Text of charts has the page's ink: it can be read in both.
      const text = await page.evaluate<string>("getComputedStyle(document.querySelector('svg text')).fill");
      expect(text).toBe(ink);
    }
    // Nothing that data brought became an element or an attribute of its own.
    const made = await page.evaluate<string[]>(
      "[...document.querySelectorAll('script, img, iframe, object, embed, link, form, base, [onerror], [onload]')].map((each) => each.outerHTML)",
    );
    expect(made).toEqual([]);
    expect(await page.$$eval("[href], [src]", (all) => all.map((each) => each.getAttribute("href")))).toEqual([
      "https://us-east-1.console.aws.amazon.com/bedrock/home",
    ]);
    expect(await page.$$eval("svg", (all) => all.length)).toBeGreaterThan(5);
    expect(await page.$$eval("svg script, svg style, svg image, svg a", (all) => all.length)).toBe(0);
    expect(requests).toEqual([pathToFileURL(path).href]);
    expect(trouble).toEqual([]);
  });
});
