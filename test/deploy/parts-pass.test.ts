import { expect, it } from "vitest";
import { joinPart } from "../../src/run/parts/join-part.ts";
import { preparePart } from "../../src/run/parts/prepare-part.ts";
import { fetchRun } from "../../src/workspace/fetch-run.ts";
import { openFunctionScene } from "../support/function-scene.ts";
import { followParts, makeTexts, queryRun, startTestParts, writeLake } from "../support/parts-run.ts";

it("of a run in parts submits what engines have prepared, and takes note of what they have joined", async () => {
  const scene = await openFunctionScene();
  const lake = writeLake(scene.folder, {
    "day=1/a.csv": makeTexts(0, 12),
    "day=2/b.csv": makeTexts(12, 12),
    "day=3/c.csv": makeTexts(24, 12),
  });
  const id = await startTestParts(scene.person, `${lake}/**/*.csv`, { mostFiles: 1 });
  const [engine, sandbox] = [await scene.open("engine"), await scene.open("sandbox")];
  // Nothing is prepared: there is nothing to submit, and the pass prepares nothing itself.
  expect((await scene.call(sandbox)).states).toEqual({ ended: 1 });
  expect(await scene.listJobs()).toEqual([]);
  for (const part of [1, 2, 3]) await preparePart(engine, id, part);
  await preparePart(await scene.open("another engine"), id, 2);
  expect((await scene.call(sandbox)).states).toEqual({ working: 1 });
  const jobs = await scene.listJobs();
  expect([jobs.length, new Set(jobs.map(({ jobName }) => jobName)).size]).toEqual([9, 9]);
  await scene.advance(24 * 3_600_000);
  expect((await scene.call(sandbox)).states).toEqual({ ended: 1 });
  for (const part of [1, 2, 3]) await joinPart(engine, id, part);
  await scene.call(sandbox);
  const finished = await followParts(scene.person, id);
  expect(finished.summary).toMatchObject({ rowCount: 36, outcomeCounts: { answered: 36 } });
  await fetchRun(finished.paths, "answers");
  const rows = await queryRun(
    finished,
    "SELECT count(DISTINCT id)::INTEGER AS n, count(DISTINCT day)::INTEGER AS days FROM results",
  );
  expect(rows).toEqual([{ n: 36, days: 3 }]);
  expect(await scene.listJobs()).toHaveLength(9);
});
