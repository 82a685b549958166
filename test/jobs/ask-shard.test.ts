import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onDemandFile } from "../../src/jobs/ask-shard.ts";
import { readShards } from "../../src/ledger/shards.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { openWorkspace } from "../../src/workspace/session.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const prompt = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
const idsOf = (path: string): string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { recordId: string }).recordId);

describe("a run on demand", () => {
  it("answers a table under the minimum without a job, at the on-demand price", async () => {
    const { session: placed, folder } = await openLocalRun();
    // Neither bucket nor role: there is no job that would need them.
    const session = { ...placed, config: { ...placed.config, bucket: undefined, roleArn: undefined } };
    const finished = await runToEnd(
      session,
      { first: writeTexts(folder, 60), ...prompt },
      { belowMinimum: "on-demand" },
    );
    expect(finished.summary).toMatchObject({ jobCount: 0, outcomeCounts: { answered: 60 } });
    const [sums] = await readResults(
      finished,
      "SELECT sum(_halfprice_cost_usd) AS usd, sum(_halfprice_input_tokens * 1.1 + _halfprice_output_tokens * 5.5) / 1e6 AS own FROM results",
    );
    expect(sums?.["usd"]).toBeCloseTo(Number(sums?.["own"]), 12);
  });

  it("answers what a model without batch is asked", async () => {
    const { session, folder } = await openLocalRun();
    const finished = await runToEnd(
      session,
      { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-sonnet-5" },
      { belowMinimum: "on-demand" },
    );
    expect(finished.plan.lanes.map(({ lane, recordCount }) => [lane, recordCount])).toEqual([["on_demand", 120]]);
    expect(finished.summary.outcomeCounts.answered).toBe(120);
  });

  it("asks no record again whose answer is on disk, and asks again the one whose line was torn", async () => {
    const { session, folder } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 40), { belowMinimum: "on-demand" });
    // Ctrl-C in the middle: the progress says so far, then the process is gone.
    const gone = new Error("gone");
    const interrupted = {
      ...session,
      onProgress: ({ asked }: { asked?: { answeredCount: number } }) => {
        if (asked !== undefined && asked.answeredCount >= 15) throw gone;
      },
    };
    await expect(driveRun(interrupted, id, "follow")).rejects.toBe(gone);
    const file = join(session.config.workspace, "runs", id, onDemandFile({ round: 0, index: 0 }));
    const before = readFileSync(file, "utf8");
    const kept = idsOf(file);
    expect(kept.length).toBeGreaterThanOrEqual(15);
    expect(kept.length).toBeLessThan(40);
    // The last line was not written whole.
    truncateSync(file, Buffer.byteLength(before) - 10);
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(40);
    const after = idsOf(file);
    expect(after).toHaveLength(40);
    expect(new Set(after).size).toBe(40);
    expect(
      readFileSync(file, "utf8").startsWith(before.slice(0, before.lastIndexOf("\n", before.length - 12) + 1)),
    ).toBe(true);
  });

  it("slows down to what the service takes, and loses nothing", async () => {
    const { session, folder } = await openLocalRun({ speed: 60, runtimeLimits: { requestsPerMinute: 20 } });
    const finished = await runToEnd(
      session,
      { first: writeTexts(folder, 50), ...prompt },
      { belowMinimum: "on-demand" },
    );
    expect(finished.summary.outcomeCounts.answered).toBe(50);
  });

  it("writes a record that is refused for what it is as an error, and goes on", async () => {
    const fault = { kind: "error", type: "ValidationException", status: 400, message: "too long" } as const;
    const { session, folder } = await openLocalRun({
      faults: { calls: [{ operation: "InvokeModel", after: 4, times: 3, fault }] },
    });
    const { summary } = await runToEnd(
      session,
      { first: writeTexts(folder, 30), ...prompt },
      { belowMinimum: "on-demand" },
    );
    expect(summary.outcomeCounts).toMatchObject({ answered: 27, error: 3 });
    expect(summary.causes[0]?.message).toBe("ValidationException: too long (400)");
  });

  it("stops where every record would be refused, and can be taken up", async () => {
    const { session, folder } = await openLocalRun({
      faults: { calls: [{ operation: "InvokeModel", times: 4, fault: "access-denied" }] },
    });
    const id = await startTestRun(session, writeTexts(folder, 30), { belowMinimum: "on-demand" });
    await expect(driveRun(session, id, "follow")).rejects.toMatchObject({ code: "SERVICE_REFUSED" });
    const ledger = await openWorkspace(session.config);
    expect(readShards(ledger, id)[0]).toMatchObject({ state: "asking", lane: "on_demand" });
    ledger.close();
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(30);
  });
});
