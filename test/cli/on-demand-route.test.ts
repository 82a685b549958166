import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const table = makeCsv(
  ["id", "text"],
  Array.from({ length: 120 }, (_, index) => [String(index), `text ${index}`]),
);
const ask = (model: string, ...more: string[]): string[] => [
  ...["t.csv", "--prompt", "Sentiment of: {{text}}", "--max-tokens", "50", "--model", model, "--local", ...more],
];
const inFolder = (): string => {
  const folder = makeFolder();
  writeFile(folder, "t.csv", table);
  return folder;
};

describe("--route on-demand", () => {
  it("sends a whole table on demand, with a model that has batch, and no job is made", async () => {
    const folder = inFolder();
    const planned = await runCli(["plan", ...ask("claude-haiku-4.5", "--route", "on-demand")], folder);
    expect(planned.code, planned.stderr).toBe(0);
    expect(planned.stdout).toContain("120 records on demand, one by one: asked for with --route on-demand");
    expect(planned.stdout).not.toContain("batch saves");
    const ran = await runCli(
      ["run", ...ask("claude-haiku-4.5", "--route", "on-demand", "--yes", "--json", "-o", "out.csv")],
      folder,
    );
    expect(ran.code, ran.stderr).toBe(0);
    const summary = JSON.parse(ran.stdout);
    expect(summary.money.parts.map(({ kind }: { kind: string }) => kind)).toEqual(["on_demand"]);
    expect(summary.wouldCostUsd).toBeCloseTo(summary.onDemandUsd, 12);
    expect(summary.jobCount).toBe(0);
    expect(readFileSync(`${folder}/out.csv`, "utf8").match(/,answered,/g)).toHaveLength(120);
  });

  it("is what the plan names where a newer model is cheaper that way, with how sure that is", async () => {
    const folder = inFolder();
    const { stdout } = await runCli(["plan", ...ask("claude-haiku-4.5")], folder);
    expect(stdout).toMatch(
      /Cheaper +about \$[\d.]+ {2}Claude Haiku 5\.5 on demand: --model claude-haiku-5\.5 --route on-demand --thinking off/,
    );
    expect(stdout).toContain("its price is from public price tables, not AWS's own, 2026-11-30");
    const words = ["--route", "on-demand", "--thinking", "off"];
    const cheaper = await runCli(["plan", ...ask("claude-haiku-5.5", ...words), "--json"], folder);
    expect(cheaper.code, cheaper.stderr).toBe(0);
    const [plan, other] = [
      JSON.parse((await runCli(["plan", ...ask("claude-haiku-4.5"), "--json"], folder)).stdout),
      JSON.parse(cheaper.stdout),
    ];
    expect(other.costUsd.expected).toBeCloseTo(plan.otherWays[0].usd, 8);
    expect(other.costUsd.expected / plan.costUsd.expected).toBeCloseTo(0.2, 6);
  });

  it("is refused in other words than its own, and is no way for a model that has ended", async () => {
    const folder = inFolder();
    const wrong = await runCli(["plan", ...ask("claude-haiku-4.5", "--route", "cheap")], folder);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--route is "cheap"; it has to be batch or on-demand'),
    ]);
    const ended = await runCli(["run", ...ask("nova-premier", "--route", "on-demand", "--yes")], folder);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("end of its life on 2026-09-14")]);
    expect(ended.stderr).toContain("use --model nova-2-lite ($");
  });
});

describe("a model whose price in batch is not known", () => {
  it("counts against a limit at its on-demand price, and its money is at most that", async () => {
    const folder = inFolder();
    const words = ["t.csv", "--prompt", "{{text}}", "--model", "titan-embed-text-v2", "--local"];
    const { stdout } = await runCli(["plan", ...words], folder);
    expect(stdout).toContain("at most: no price in batch of Titan Text Embeddings V2 is known");
    const stopped = await runCli(["run", ...words, "--yes", "--max-cost", "0.0000001"], folder);
    expect([stopped.code, stopped.stderr]).toEqual([expect.any(Number), expect.stringContaining("error MAX_COST")]);
    const ran = await runCli(["run", ...words, "--yes", "--max-cost", "1", "-o", "out.parquet"], folder);
    expect(ran.code, ran.stderr).toBe(0);
    expect(`${ran.stdout}${ran.stderr}`).toContain("would cost at most $");
  });
});

describe("the global profile's line", () => {
  it("prices each lane by itself: what goes on demand costs its on-demand price there too", async () => {
    const folder = openCase("global-line-on-demand");
    const planned = await runCli(
      ["plan", ...ask("claude-haiku-4.5", "--below-minimum", "on-demand"), "--json"],
      folder,
    );
    const plan = JSON.parse(planned.stdout);
    // All of it goes on demand: the global profile is a tenth cheaper, and not less than half.
    expect(plan.lanes.map(({ lane }: { lane: string }) => lane)).toEqual(["on_demand"]);
    expect(plan.globalUsd.expected / plan.costUsd.expected).toBeCloseTo(1 / 1.1, 6);
  });
});
