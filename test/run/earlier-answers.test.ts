import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, startTestRun } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const prompt = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
const texts = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `text ${from + index}`);
const writeTable = (folder: string, name: string, rows: readonly string[]): string =>
  writeFile(
    folder,
    name,
    makeCsv(
      ["text"],
      rows.map((text) => [text]),
    ),
  );

/** What the jobs of a run have counted themselves: the local service's manifests. */
function readManifests({ paths, shards }: FinishedRun): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { attempt } of shards) {
    const id = attempt?.jobArn?.split("/").at(-1) ?? "";
    const file = join(paths.directory, "output", id, "manifest.json.out");
    for (const [name, value] of Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, number>)) {
      sum[name] = (sum[name] ?? 0) + value;
    }
  }
  return sum;
}

describe("answers that the workspace has", () => {
  it("are not asked again: of 30 % equal rows and 40 % answered before just the rest is sent, and is paid as it was counted", async () => {
    const { session, folder } = await openLocalRun();
    // 1,000 rows: 700 distinct texts, the first 300 of them twice. 400 rows' texts were answered before.
    const known = texts(280);
    await runToEnd(session, { first: writeTable(folder, "before.csv", known), ...prompt });
    const rows = [...texts(700), ...texts(300)];
    const finished = await runToEnd(session, { first: writeTable(folder, "all.csv", rows), ...prompt });
    const { plan, summary } = finished;
    expect([plan.recordCount, plan.duplicateCount, plan.earlier?.requestCount]).toEqual([420, 300, 280]);
    const counted = readManifests(finished);
    expect(counted).toMatchObject({ totalRecordCount: 420, successRecordCount: 420 });
    expect(summary.usage).toEqual({
      inputTokens: counted["inputTokenCount"],
      outputTokens: counted["outputTokenCount"],
    });
    const usd = ((counted["inputTokenCount"] ?? 0) * 0.55 + (counted["outputTokenCount"] ?? 0) * 2.75) / 1e6;
    expect(summary.paidUsd).toBeCloseTo(usd, 12);
    expect(summary.money).toMatchObject({ onceCount: 300, earlierCount: 280 });
    // Every row has its answer, and the costs of the rows are what was paid.
    const [sums] = await readResults(
      finished,
      "SELECT count(*) FILTER (_halfprice_outcome = 'answered') AS answered, count(DISTINCT answer) AS answers, sum(_halfprice_cost_usd) AS usd FROM results",
    );
    expect(sums).toMatchObject({ answered: 1000, answers: 700 });
    expect(sums?.["usd"]).toBeCloseTo(usd, 12);
  });

  it("spare a whole run: the same table again sends nothing and costs nothing, unless everything is to be paid again", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTable(folder, "t.csv", texts(120));
    const before = await runToEnd(session, { first, ...prompt });
    const again = await runToEnd(session, { first, ...prompt });
    expect(again.summary).toMatchObject({ jobCount: 0, paidUsd: 0, outcomeCounts: { answered: 120 } });
    const rows = async (run: FinishedRun) => readResults(run, "SELECT text, answer FROM results");
    expect(await rows(again)).toEqual(await rows(before));
    expect(again.summary.money?.savedByEarlierUsd).toBeCloseTo(before.summary.paidUsd ?? 0, 12);
    const anew = await runToEnd(session, { first, ...prompt }, { fullRefresh: true });
    expect(anew.summary).toMatchObject({ jobCount: 1, money: { earlierCount: 0 } });
  });

  it("with a schema keep their columns, whatever prefix the new run gives them", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTable(folder, "t.csv", texts(110));
    const output = writeFile(
      folder,
      "schema.json",
      '{"type":"object","properties":{"mood":{"enum":["good","bad"]},"tags":{"type":"array","items":{"type":"string"}}},"required":["mood","tags"]}',
    );
    const before = await runToEnd(session, { first, output, ...prompt });
    const again = await runToEnd(session, { first, output, ...prompt }, { answerPrefix: "ai_" });
    expect(again.plan.recordCount).toBe(0);
    const one = await readResults(before, "SELECT mood, tags FROM results");
    const other = await readResults(again, "SELECT ai_mood AS mood, ai_tags AS tags FROM results");
    expect(other).toEqual(one);
  });

  it("that another run has in flight are awaited, and a run that nobody works on is resumed for them", async () => {
    const { session, folder } = await openLocalRun();
    const other = await startTestRun(session, writeTable(folder, "first.csv", texts(150)));
    await driveRun(session, other, "once");
    const own = await startTestRun(session, writeTable(folder, "second.csv", texts(300)));
    const { finished } = await driveRun(session, own, "follow");
    expect(finished?.plan.earlier?.awaited).toEqual([{ runId: other, round: 0, requestCount: 150 }]);
    expect(finished?.plan.recordCount).toBe(150);
    expect(finished?.summary).toMatchObject({ outcomeCounts: { answered: 300 }, money: { earlierCount: 150 } });
    expect((await listRuns(session)).map(({ state }) => state)).toEqual(["done", "done"]);
    const ids = readdirSync(join(session.config.workspace, "runs"));
    expect(ids).toHaveLength(2);
  });

  it("that another run was to bring, and did not, are sent by the run that waits for them", async () => {
    const { session, folder } = await openLocalRun({
      faults: { jobs: [{ job: "first*", fault: { end: { status: "Failed", message: "no" } } }] } as never,
    });
    const other = await startTestRun(session, writeTable(folder, "first.csv", texts(150)));
    await driveRun(session, other, "once");
    const own = await startTestRun(session, writeTable(folder, "second.csv", texts(300)));
    const { finished } = await driveRun(session, own, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 2, outcomeCounts: { answered: 300, missing: 0 } });
  });

  it("that nobody can send are missing, and say whose they were", async () => {
    const { session, folder } = await openLocalRun({
      faults: { jobs: [{ job: "first*", fault: { end: { status: "Failed", message: "no" } } }] } as never,
    });
    const other = await startTestRun(session, writeTable(folder, "first.csv", texts(150)));
    await driveRun(session, other, "once");
    // Of what it waits for fewer are left than a job takes.
    const own = await startTestRun(session, writeTable(folder, "second.csv", texts(200, 120)));
    const { finished, notRetried } = await driveRun(session, own, "follow");
    expect(finished?.summary.outcomeCounts).toMatchObject({ answered: 170, missing: 30 });
    expect(finished?.summary.causes[0]?.message).toContain(other);
    expect(notRetried?.code).toBe("TOO_FEW_RECORDS");
  });

  it("that a stopped run was to bring are sent by the run that waits for them", async () => {
    const { session, folder } = await openLocalRun({
      faults: { jobs: [{ job: "first*", fault: { stick: { in: "Scheduled" } } }] },
    });
    const other = await startTestRun(session, writeTable(folder, "first.csv", texts(150)));
    await driveRun(session, other, "once");
    const own = await startTestRun(session, writeTable(folder, "second.csv", texts(300)));
    await driveRun(session, other, "stop");
    const { finished } = await driveRun(session, own, "follow");
    expect(finished?.summary.outcomeCounts).toMatchObject({ answered: 300 });
  });
});
