import { describe, expect, it } from "vitest";
import { shortenText, textWidth, wrapLine } from "../../src/cli/display/layout.ts";
import { drawProgress, sayLeft } from "../../src/cli/display/progress-block.ts";
import { formatTable } from "../../src/cli/print-table.ts";
import type { JobEvent } from "../../src/index.ts";
import { estimateTimeLeft } from "../../src/jobs/time-left.ts";

const widths = [60, 61, 80, 100, 132, 200];

describe("a line", () => {
  it("is broken between words, below where its text begins", () => {
    expect(wrapLine("Model      Claude Haiku 4.5, as us.anthropic.claude-haiku", 40)).toEqual([
      "Model      Claude Haiku 4.5, as",
      "           us.anthropic.claude-haiku",
    ]);
    expect(wrapLine("           why  a role of another account cannot be passed", 40)).toEqual([
      "           why  a role of another",
      "                account cannot be passed",
    ]);
  });

  it("keeps all its words whole and in their order, wide ones counted twice", () => {
    const text = "漢字の長い文 と 別の語 and 1,234,567 tokens of s3://bucket/a/very/long/key.jsonl 😀😀";
    for (const width of [20, 40, 60]) {
      const lines = wrapLine(text, width);
      expect(lines.join(" ")).toBe(text);
      for (const line of lines) expect(textWidth(line) <= width || !line.includes(" "), line).toBe(true);
    }
  });

  it("is shortened after a word", () => {
    expect(shortenText("one two three four", 12)).toBe("one two …");
    expect(textWidth(shortenText("漢字 漢字 漢字 漢字", 12))).toBeLessThanOrEqual(12);
  });
});

describe("a table", () => {
  const columns = [
    { head: "run" },
    { head: "name" },
    { head: "what it says" },
    { head: "paid", align: "right" as const },
  ];
  const rows = [
    ["20261121-093012-x7k2q", "reviews", "some words that go on and on until nobody reads on", "$1,234.56"],
    ["20261121-093013-abcde", "漢字の名前", "短い", "$0.01"],
  ];

  it.each(widths)("fits %d columns with every word and number whole", (width) => {
    const lines = formatTable(columns, rows, width);
    for (const line of lines) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    const shown = lines.join(" ").split(/\s+/);
    for (const row of rows) for (const word of row.join(" ").split(" ")) expect(shown).toContain(word);
  });

  it("is one line a row where there is room, and a block a row where not even the words fit", () => {
    expect(formatTable(columns, rows, 200)).toHaveLength(3);
    const narrow = formatTable(columns, rows, 40);
    expect(narrow).toContain("run           20261121-093012-x7k2q");
    expect(narrow.filter((line) => line.startsWith("name"))).toHaveLength(2);
  });

  it("leaves optional columns out before that, the last one first", () => {
    const optional = columns.map((column) =>
      column.head === "what it says" ? { ...column, isOptional: true } : column,
    );
    const [head = ""] = formatTable(optional, rows, 50);
    expect(head.split(/\s{2,}/)).toEqual(["run", "name", "paid"]);
  });
});

const job = (index: number, more: Partial<JobEvent> = {}): JobEvent => ({
  index,
  lane: "batch",
  state: "InProgress",
  arn: "arn",
  recordCount: 50_000,
  processedCount: 12_345,
  isCounted: true,
  sizeBytes: 1_000_000,
  sentBytes: 1_000_000,
  ...more,
});

describe("a run's progress", () => {
  const jobs = [
    job(0),
    job(1, { state: "Submitted", processedCount: 0, isCounted: false, sentBytes: 400_000 }),
    job(2, { state: "Completed", processedCount: 50_000 }),
  ];
  const draw = (columns: number, all: readonly JobEvent[] = jobs): string[] =>
    drawProgress(
      {
        kind: "jobs",
        jobs: all,
        recordCount: all.reduce((sum, { recordCount }) => sum + recordCount, 0),
        processedCount: all.reduce((sum, { processedCount }) => sum + processedCount, 0),
        isFollower: false,
        expectedInputTokens: 12_000_000,
        expectedCostUsd: 10,
        elapsedMs: 240_000,
        leftMs: 720_000,
      },
      columns,
    );

  it.each(widths)("fits %d columns, with percent, records, tokens, money and times", (columns) => {
    const lines = draw(columns);
    for (const line of lines) expect(textWidth(line), line).toBeLessThanOrEqual(columns);
    const text = lines.join("\n");
    expect(text).toMatch(/^41 % .*62,345 of 150,000 records/);
    for (const words of [
      "about 4.99 M of 12.0 M input tokens",
      "about $4.16 of $10.00 planned",
      "4 min taken",
      "12 min left",
      "40 % uploaded",
    ])
      expect(text).toContain(words);
  });

  it("has a line for each of ten jobs, and one for the states of more", () => {
    const many = Array.from({ length: 12 }, (_, index) => job(index, index < 5 ? { state: "Completed" } : {}));
    expect(draw(100, many.slice(0, 10)).filter((line) => line.startsWith("job "))).toHaveLength(10);
    expect(draw(100, many).at(-1)).toBe("12 jobs: 5 Completed, 7 InProgress");
  });

  it("says the time that is left to the minute, and that it is not known", () => {
    expect([undefined, 0, 30_000, 12 * 60_000, 130 * 60_000, 26 * 3_600_000].map(sayLeft)).toEqual([
      "time left unknown",
      "nothing left to wait for",
      "less than a minute left",
      "12 min left",
      "2 h 10 min left",
      "26 h left",
    ]);
  });
});

describe("the time that is left", () => {
  const minute = 60_000;
  const base = {
    nowMs: 100 * minute,
    doneCount: 500,
    totalCount: 1000,
    samples: [],
    startedMs: undefined,
    leftTokens: undefined,
    load: undefined,
  };

  it("goes by how fast records were answered of late, not by how long the jobs waited before", () => {
    const samples = [
      { atMs: 10 * minute, doneCount: 0 },
      { atMs: 90 * minute, doneCount: 400 },
    ];
    expect(estimateTimeLeft({ ...base, samples, startedMs: 0 })).toBe(50 * minute);
  });

  it("goes by the time since the first job was sent, where nothing else is known", () => {
    expect(estimateTimeLeft({ ...base, startedMs: 50 * minute })).toBe(50 * minute);
  });

  it("goes by the tokens that the model does in a minute, before a record is counted", () => {
    const at = base.nowMs;
    const load = {
      label: "x",
      load: {
        modelId: "x",
        pendingRecords: undefined,
        pendingTokens: { value: 40_000, at },
        inputTokensPerMinute: { value: 2000, at },
        outputTokensPerMinute: undefined,
      },
    };
    expect(estimateTimeLeft({ ...base, doneCount: 0, startedMs: 50 * minute, leftTokens: 10_000, load })).toBe(
      20 * minute,
    );
  });

  it("is unknown until something is counted, and nothing at the end", () => {
    expect(estimateTimeLeft({ ...base, doneCount: 0, startedMs: 0 })).toBeUndefined();
    expect(estimateTimeLeft({ ...base, doneCount: 1000 })).toBe(0);
  });
});
