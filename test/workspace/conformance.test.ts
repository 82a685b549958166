/** What holds for every workspace, a folder or on S3: the file runs once with each (vitest.config.ts). */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { preparePart } from "../../src/run/parts/prepare-part.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { fetchRun, needTable, publishRun } from "../../src/workspace/fetch-run.ts";
import { readLabels, recordLabel } from "../../src/workspace/labels.ts";
import { runPaths } from "../../src/workspace/run-folder.ts";
import type { Session } from "../../src/workspace/session.ts";
import { listRuns, showRun } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { elsewhere, isSharedSuite, openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { countSent, followParts, openPartsRun, queryRun, sendAll } from "../support/parts-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const ask = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };

async function planTexts(session: Session, table: string, options: object = {}) {
  const request = await readRequest({ first: table, ...ask }, { ...parseRunOptions({}, "test"), ...options });
  return planRun(session, request);
}

describe("a workspace", () => {
  it("is of the kind that this pass of the suite is about", async () => {
    const { session } = await openLocalRun();
    expect(session.config.shared !== undefined).toBe(isSharedSuite);
  });

  it("lets any machine go on with any run, and has the table for each of them", async () => {
    const place = await openLocalRun();
    const id = await startTestRun(place.session, writeTexts(place.folder, 150));
    await driveRun(place.session, id, "once");
    const other = await elsewhere(place);
    const { finished } = await driveRun(other, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(150);
    const third = await elsewhere(place, "third");
    const shown = await showRun(third, id);
    expect(shown.row.state).toBe("done");
    await fetchRun(shown.paths, "answers");
    if (finished === undefined) return;
    expect(
      await readResults({ ...finished, paths: shown.paths }, "SELECT count(*)::INTEGER AS n FROM results"),
    ).toEqual([{ n: 150 }]);
    // Where it began it has ended as well.
    expect((await listRuns(place.session)).map(({ state }) => state)).toEqual(["done"]);
  });

  it("has the table of a run in parts for a machine that has seen nothing of it", async () => {
    const place = await openPartsRun(2);
    const { id } = place;
    const finished = await followParts(place.session, id);
    const { paths } = await showRun(await elsewhere(place), id);
    await needTable(paths);
    expect(await queryRun({ ...finished, paths }, "SELECT count(*)::INTEGER AS n FROM results")).toEqual([{ n: 40 }]);
  });

  it("lets any machine go on with a run in parts of which it has seen nothing", async () => {
    const place = await openPartsRun(2);
    const { id } = place;
    await preparePart(place.session, id, 1);
    await sendAll(place.session, id);
    const finished = await followParts(await elsewhere(place), id);
    expect(await queryRun(finished, "SELECT count(*)::INTEGER AS n FROM results")).toEqual([{ n: 40 }]);
    expect(await countSent(place.server.url)).toBe(40);
  });

  it("takes answers of every machine's runs", async () => {
    const place = await openLocalRun({ quotas: ["min-records=10"] });
    await runToEnd(place.session, { first: writeTexts(place.folder, 100), ...ask });
    const planned = await planTexts(await elsewhere(place), writeTexts(join(place.folder, "more"), 150));
    expect(planned.plan.recordCount).toBe(50);
  });

  it("counts what every machine's runs have reserved", async () => {
    const place = await openLocalRun();
    await startTestRun(place.session, writeTexts(place.folder, 200));
    const other = await elsewhere(place);
    const planned = await planTexts(other, writeTexts(join(place.folder, "more"), 300), {
      maxCostTotalUsd: 0.000_001,
      fullRefresh: true,
    });
    const error = await findFailure(() => startRun(other, planned, undefined));
    expect(error.code).toBe("MAX_COST");
  });

  it("begins a run once where two machines begin it at the same time", async () => {
    const place = await openLocalRun();
    const other = await elsewhere(place);
    const table = writeTexts(place.folder, 120);
    const plans = [await planTexts(place.session, table), await planTexts(other, table)] as const;
    const started = await Promise.all([
      startRun(place.session, plans[0], undefined),
      startRun(other, plans[1], undefined),
    ]);
    expect(new Set(started.map(({ runId }) => runId)).size).toBe(1);
    expect(await listRuns(place.session)).toHaveLength(1);
  });

  it("keeps a run with the machine that works on it, which another one stops all the same", async () => {
    const place = await openLocalRun();
    const id = await startTestRun(place.session, writeTexts(place.folder, 150));
    await driveRun(place.session, id, "once");
    const other = await elsewhere(place);
    await driveRun(other, id, "stop");
    expect((await showRun(place.session, id)).row.state).toBe("stopped");
  });

  it("shows labels to everybody", async () => {
    const place = await openLocalRun();
    const { run, paths } = await runToEnd(place.session, { first: writeTexts(place.folder, 120), ...ask });
    recordLabel(paths, "answer", 3, "right");
    await publishRun(paths, "labels.json");
    const other = await elsewhere(place);
    const { paths: copies } = await showRun(other, run.id);
    expect(readLabels(copies, "answer")).toEqual([{ row: 3, label: "right" }]);
  });

  it("has a run's files again where a machine has lost its copies", async () => {
    const place = await openLocalRun();
    const id = await startTestRun(place.session, writeTexts(place.folder, 150));
    const { directory } = runPaths(place.session.config.workspace, id);
    if (isSharedSuite) rmSync(directory, { recursive: true });
    const { finished } = await driveRun(place.session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(150);
    expect(existsSync(join(directory, "results.parquet"))).toBe(true);
  });
});
