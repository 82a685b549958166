import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import { beginRun } from "../../../src/library/begin-run.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { driveRun } from "../../../src/run/start-and-resume/drive-run.ts";
import { makeFolder, writeFile } from "../../support/folder.ts";
import { writeGold } from "../../support/gold.ts";
import { openLocalRun } from "../../support/local-run.ts";
import { readResults, runToEnd } from "../../support/run-to-end.ts";

const prefix = { answerPrefix: "a_" };
const prompt = "Which topic has this message?\n\nMessage: {{text}}";

describe("rows that share requests", () => {
  it.each([
    ["claude-haiku-4.5", {}],
    ["claude-haiku-4.5", { structured: "native" }],
    ["claude-haiku-4.5", { invocation: "converse" }],
    ["nova-lite", {}],
    ["llama-3.3-70b", {}],
    ["ministral-8b", {}],
    ["gpt-oss-20b", {}],
  ])("are answered by %s %o, with a schema and without", async (model, more) => {
    const files = writeGold(makeFolder(), 200);
    const { session } = await openLocalRun();
    for (const output of [files.schema, undefined]) {
      const input = { first: files.table, prompt, model, ...more, ...(output === undefined ? {} : { output }) };
      const { plan, summary } = await runToEnd(session, input, { pack: 2, maxTokens: 300, ...prefix });
      expect(plan.pack).toMatchObject({ rowsPerRequest: 2, requestCount: 100 });
      expect(summary.outcomeCounts.answered).toBe(200);
      expect(summary.money?.parts.map(({ kind, requestCount }) => [kind, requestCount])).toEqual([["batch", 100]]);
    }
  });

  it("are asked again alone where a request was cut off, declined or failed, and the sums stay right", async () => {
    const files = writeGold(makeFolder(), 600);
    const { session } = await openLocalRun({
      modelBehaviour: files.behaviour,
      faults: {
        seed: 3,
        records: [
          { job: "*-1-1", fault: "truncated", probability: 0.2 },
          { job: "*-1-1", fault: "refused", probability: 0.1 },
          { job: "*-1-1", fault: "throttled", probability: 0.1 },
          { job: "*-1-1", fault: "broken", probability: 0.05 },
        ],
      },
    });
    const input = { first: files.table, prompt, model: "nova-micro", output: files.schema, name: "spoilt" };
    const finished = await runToEnd(session, input, { pack: 5, ...prefix });
    const { summary } = finished;
    // A line that says no record's name any more is lost: what never came back is not sent twice unasked.
    const { answered, missing } = summary.outcomeCounts;
    expect(answered + missing).toBe(600);
    expect(missing % 5).toBe(0);
    expect(summary.money?.parts.find(({ kind }) => kind === "retry")?.requestCount).toBeGreaterThan(50);
    expect(answered).toBeGreaterThan(550);
    const [sums] = await readResults(
      finished,
      "SELECT count(*) FILTER (label = a_label) AS own, sum(a_halfprice_cost_usd) AS usd FROM results",
    );
    expect(Number(sums?.["own"])).toBe(answered);
    if (summary.paidUsd !== undefined && summary.discrepancies.length === 0)
      expect(Number(sums?.["usd"])).toBeCloseTo(summary.paidUsd, 9);
  });

  it("are not asked alone unasked where a job fails, or where packs lose so many that it costs more than the plan said", async () => {
    const files = writeGold(makeFolder(), 600, { packed: { drop: 0.9 } });
    const input = { first: files.table, prompt, model: "nova-micro", output: files.schema };
    const failing = await openLocalRun({ faults: { jobs: [{ fault: { end: { status: "Failed", doneRatio: 0 } } }] } });
    const failed = await runToEnd(failing.session, input, { pack: 5, ...prefix });
    expect(failed.shards).toHaveLength(1);
    expect(failed.summary.outcomeCounts.answered).toBe(0);
    const { session } = await openLocalRun({ modelBehaviour: files.behaviour });
    const request = await readRequest(input, { ...parseRunOptions({ maxTokens: "12" }, "test"), pack: 6, ...prefix });
    const { runId } = await beginRun(session, request);
    const { finished, notRetried } = await driveRun(session, runId, "follow");
    expect(finished?.summary.outcomeCounts.error).toBeGreaterThan(400);
    expect(notRetried).toMatchObject({ code: "PACK_LOSS", details: { runId } });
  });

  it("cost less than half of the tokens where the prompt is most of a request, by the service's own count", async () => {
    const words = (count: number, from: number): string =>
      Array.from({ length: count }, (_, at) => ["card", "money", "why", "the"][(at * 7 + from) % 4]).join(" ");
    const rows = Array.from({ length: 100 }, (_, at) => `${at},"${at} ${words(58, at)}"`);
    const folder = makeFolder();
    const table = writeFile(folder, "t.csv", `id,text\n${rows.join("\n")}\n`);
    const { session } = await openLocalRun();
    const input = { first: table, prompt: `${words(205, 1)}\n\nMessage: {{text}}`, model: "nova-micro" };
    const options = { maxTokens: 40, isOnDemandAsked: true, belowMinimum: "on-demand" as const };
    const single = await runToEnd(session, input, options);
    const packed = await runToEnd(session, input, { ...options, pack: 25, fullRefresh: true });
    const total = ({ summary: { usage } }: typeof single): number => usage.inputTokens + usage.outputTokens;
    expect(packed.plan.pack?.requestCount).toBe(4);
    expect(total(packed)).toBeLessThan(total(single) / 2);
  });
});
