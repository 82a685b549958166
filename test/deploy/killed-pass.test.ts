import { expect, it } from "vitest";
import { watchPoints } from "../../src/foundation/crash-point.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { minutes, openFunctionScene } from "../support/function-scene.ts";
import { choosePoints } from "../support/kill-bench.ts";
import { Killed } from "../support/kill-points.ts";
import { readResults } from "../support/run-to-end.ts";

/** What is killed, and what the calls came by. */
class Killer {
  readonly points: string[] = [];
  killedAt: string | undefined;
  readonly #at: number | undefined;

  constructor(at?: number) {
    this.#at = at;
  }

  /** One call; from the point at which it is killed nothing of it is done any more. */
  async watch(call: () => Promise<unknown>): Promise<void> {
    if (this.killedAt !== undefined) return void (await call());
    const watcher = (point: string): void => {
      if (this.points.length === this.#at) this.killedAt = point;
      this.points.push(point);
      if (this.killedAt !== undefined) throw new Killed(`killed at ${this.killedAt}`);
    };
    try {
      await watchPoints(watcher, call);
    } catch (error) {
      if (this.killedAt === undefined) throw error;
    }
  }
}

/** What a function does with a run of three jobs over two slots, the first of which expires: each call is another sandbox's, without any copies. */
async function workToEnd(killer: Killer) {
  const scene = await openFunctionScene({
    quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=2"],
    faults: { jobs: [{ job: "*-1-1", fault: { end: { status: "Expired" } } }] },
  });
  const id = await scene.begin(12, { maxAttempts: 2 });
  for (let calls = 1; calls <= 5; calls += 1) {
    const sandbox = await scene.open(`sandbox-${calls}`);
    await killer.watch(() => scene.call(sandbox));
    await scene.advance(minutes(180));
  }
  const names = (await scene.listJobs()).map(({ jobName = "" }) => jobName.slice(jobName.indexOf(id) + id.length + 1));
  const { finished } = await driveRun(scene.person, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  const rows = await readResults(finished, "SELECT id, answer, _halfprice_outcome FROM results ORDER BY id");
  const jobCount = (await scene.listJobs()).length;
  return { names: names.sort(), jobCount, rows, discrepancies: finished.summary.discrepancies };
}

it("a pass that is killed at any announced point is made good by the next: no job twice, no row lost", async () => {
  const watched = new Killer();
  const whole = await workToEnd(watched);
  expect(whole).toMatchObject({ names: ["1-1", "1-2", "2-1", "3-1"], jobCount: 4 });
  expect(whole.rows.map(({ _halfprice_outcome: outcome }) => outcome)).toEqual(whole.rows.map(() => "answered"));
  expect(whole.rows).toHaveLength(12);
  expect(watched.points.length).toBeGreaterThan(60);
  for (const at of choosePoints(watched.points)) {
    const killer = new Killer(at);
    const made = await workToEnd(killer);
    expect(killer.killedAt, `point ${at}`).toBe(watched.points[at]);
    expect(made, `killed at ${at}, ${killer.killedAt}`).toEqual(whole);
  }
}, 600_000);
