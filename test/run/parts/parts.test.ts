import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listResults, runPaths } from "../../../src/workspace/run-folder.ts";
import { listRuns } from "../../../src/workspace/show-run.ts";
import { openLocalRun } from "../../support/local-run.ts";
import { followParts, makeTexts, queryRun, repeatText, startTestParts, writeLake } from "../../support/parts-run.ts";
import { runToEnd } from "../../support/run-to-end.ts";

const quick = { quotas: ["min-records=10"] };
const answers = "SELECT id, text, answer, _halfprice_outcome FROM results";

describe("a run in parts", () => {
  it("has the rows and answers of a run on one machine, in their order, a file a part", async () => {
    const { session, folder } = await openLocalRun(quick);
    const names = ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv"];
    const lake = writeLake(folder, Object.fromEntries(names.map((name, index) => [name, makeTexts(index * 20, 20)])));
    const table = join(lake, "*.csv");
    const id = await startTestParts(session, table, { mostFiles: 2 });
    const finished = await followParts(session, id);
    const { workspace } = session.config;
    expect(listResults(finished.paths).map((file) => file.slice(workspace.length))).toEqual(
      [1, 2, 3].map((part) => `/runs/${id}/results/part-0000${part}.parquet`),
    );
    const whole = await runToEnd(session, { first: table, ...repeatText, name: "whole" }, { fullRefresh: true });
    expect(await queryRun(finished, answers)).toEqual(await queryRun(whole, answers));
    expect(finished.summary).toMatchObject({
      rowCount: 100,
      recordCount: 100,
      jobCount: 3,
      outcomeCounts: { answered: 100 },
      usage: whole.summary.usage,
    });
    expect(finished.summary.paidUsd).toBeCloseTo(whole.summary.paidUsd ?? Number.NaN, 12);
  });

  it("is one run in the list, and keeps of its parts what they have cost", async () => {
    const { session, folder } = await openLocalRun(quick);
    const lake = writeLake(folder, { "a.csv": makeTexts(0, 20), "b.csv": makeTexts(20, 20) });
    const id = await startTestParts(session, join(lake, "*.csv"), { mostFiles: 1 });
    const { summary } = await followParts(session, id);
    const listed = await listRuns(session);
    expect(listed.map((run) => run.id)).toEqual([id]);
    expect(listed[0]).toMatchObject({ state: "done", partCount: 2, summary });
    const { workspace } = session.config;
    const others = readdirSync(join(workspace, "runs")).filter((name) => name !== id);
    expect(others).toHaveLength(2);
    for (const part of others) {
      const { directory } = runPaths(workspace, part);
      expect(readdirSync(directory).filter((name) => !name.startsWith("join."))).toEqual(["plan.json", "run.json"]);
    }
    expect(existsSync(runPaths(workspace, id).report)).toBe(true);
  });
});
