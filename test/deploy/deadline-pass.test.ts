import { expect, it } from "vitest";
import { findLastMoment } from "../../src/plan/deadline.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { publishRun } from "../../src/workspace/fetch-run.ts";
import { writeRunFile } from "../../src/workspace/run-folder.ts";
import { showRun } from "../../src/workspace/show-run.ts";
import { type FunctionScene, minutes, openFunctionScene, startAt } from "../support/function-scene.ts";
import { readResults } from "../support/run-to-end.ts";

/** Jobs that wait for their turn longer than anybody has time, but for the first. */
const stuck = {
  quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=3"],
  faults: { jobs: [{ job: "*-1", fault: { stick: { in: "Scheduled" } }, after: 1 }] },
} as const;

const openStuck = (): Promise<FunctionScene> =>
  openFunctionScene({ quotas: [...stuck.quotas], faults: { jobs: [...stuck.faults.jobs] } });

const deadline = startAt + minutes(120);

async function joinTable(scene: FunctionScene, id: string) {
  const { finished } = await driveRun(scene.person, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  const [cost] = await readResults(
    finished,
    "SELECT count(*) FILTER (WHERE answer IS NOT NULL) AS answered FROM results",
  );
  return { ...finished, answered: Number(cost?.["answered"]) };
}

it("moves what is stuck on demand in time, stops jobs that have not begun, and leaves those alone that have", async () => {
  const scene = await openStuck();
  const id = await scene.begin(24, { deadline });
  const sandbox = await scene.open("sandbox");
  const moment = findLastMoment(deadline, 20);
  const moved: number[] = [];
  while (scene.clock.nowMs() < moment) {
    moved.push((await scene.call(sandbox)).movedCount);
    await scene.advance(minutes(15));
  }
  expect(moved).toEqual(moved.map(() => 0));
  const { movedCount } = await scene.call(sandbox);
  expect(movedCount).toBeGreaterThan(0);
  // Jobs take a moment to stop; then what they had follows.
  while (scene.clock.nowMs() < deadline) {
    await scene.call(sandbox);
    await scene.advance(minutes(3));
  }
  expect((await scene.call(sandbox)).states).toEqual({ ended: 1 });
  const statuses = (await scene.listJobs()).map(({ status }) => String(status)).toSorted();
  expect(statuses).toEqual(["Completed", "Stopped", "Stopped", "Stopped"]);
  const { answered, summary } = await joinTable(scene, id);
  expect(answered).toBe(24);
  expect(summary.outcomeCounts.answered).toBe(24);
}, 300_000);

it("moves no more than may be spent, leaves the rest in its queue, and says so", async () => {
  const scene = await openStuck();
  // Room for the jobs, and for some of their records on demand.
  const id = await scene.begin(24, { deadline });
  const { plan, paths, run } = await showRun(scene.person, id);
  const [batch, onDemand] = [plan.costUsd?.high ?? 0, plan.onDemandUsd?.high ?? 0];
  const maxCostUsd = batch + (onDemand - batch) / 2;
  writeRunFile(paths, { ...run, maxCostUsd });
  await publishRun(paths, "run.json");
  const sandbox = await scene.open("sandbox");
  await scene.call(sandbox);
  await scene.advance(minutes(90));
  const problems: string[] = [];
  for (let calls = 0; calls < 10; calls += 1) {
    await scene.call(sandbox).catch((error: Error) => problems.push(error.message));
    await scene.advance(minutes(3));
  }
  expect(problems.join()).toContain("--max-cost allows");
  const { shards } = await showRun(scene.person, id);
  const moved = shards.filter(({ lane }) => lane === "on_demand");
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.length).toBeLessThan(5);
  expect(shards.reduce((sum, { estimateHighUsd = 0 }) => sum + estimateHighUsd, 0)).toBeLessThanOrEqual(maxCostUsd);
  // No job was stopped in vain.
  const stopped = shards.filter(({ lane, attempt }) => lane === "batch" && attempt?.status === "Stopped");
  expect(stopped).toEqual([]);
}, 300_000);

it("asks nothing again that another sandbox has asked", async () => {
  let asked = 0;
  const calls = [{ operation: "InvokeModel", fault: "throttling", after: 5, times: 20 }];
  const scene = await openFunctionScene({
    quotas: ["min-records=4", "records-per-job=40", "jobs-in-flight=3"],
    faults: { jobs: [{ fault: { stick: { in: "Scheduled" } } }], calls },
    log: (line) => {
      if (/POST \/model\/\S+\/(invoke|converse) 200 /.test(line)) asked += 1;
    },
  });
  const id = await scene.begin(16, { deadline: startAt + minutes(20) });
  const [first, second] = [await scene.open("first"), await scene.open("second")];
  await scene.call(first);
  await scene.advance(minutes(6));
  await scene.call(first);
  await scene.advance(minutes(3));
  // The service takes no more for now, and its time is over.
  await scene.call(first, undefined, 4_000);
  const before = asked;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(16);
  await scene.call(second);
  expect((await joinTable(scene, id)).answered).toBe(16);
  expect(asked).toBe(16);
}, 300_000);

it("holds for a run that is watched as well", async () => {
  const scene = await openStuck();
  const id = await scene.begin(24, { deadline });
  const steps: string[] = [];
  const sleep = (): Promise<void> => scene.advance(minutes(5));
  const { finished } = await driveRun(
    { ...scene.person, sleep, onStep: (step) => void steps.push(step) },
    id,
    "follow",
  );
  expect(finished?.summary.outcomeCounts).toMatchObject({ answered: 24 });
  expect(scene.clock.nowMs()).toBeLessThanOrEqual(deadline);
  expect(steps.join()).toMatch(/to be in time, \d+ records go on demand/);
}, 300_000);
