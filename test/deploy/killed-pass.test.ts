import { expect, it } from "vitest";
import { watchPoints } from "../../src/foundation/crash-point.ts";
import { type RunOptions } from "../../src/foundation/options/run-options.ts";
import { type JobFault } from "../../src/local/faults/fault-plan.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { minutes, openFunctionScene, startAt } from "../support/function-scene.ts";
import { choosePoints } from "../support/kill-bench.ts";
import { Killed } from "../support/kill-points.ts";
import { readResults } from "../support/run-to-end.ts";

/** A point by its name, and how often the same name comes before it: files that are fetched side by side come in any order. */
interface Point {
  readonly name: string;
  readonly before: number;
}

function pointAt(points: readonly string[], at: number): Point {
  const name = points[at] ?? "";
  return { name, before: points.slice(0, at).filter((each) => each === name).length };
}

/** What is killed, and what the calls came by. */
class Killer {
  readonly points: string[] = [];
  killedAt: string | undefined;
  readonly #at: Point | undefined;
  #seen = 0;

  constructor(at?: Point) {
    this.#at = at;
  }

  /** One call; from the point at which it is killed nothing of it is done any more. */
  async watch(call: () => Promise<unknown>): Promise<void> {
    if (this.killedAt !== undefined) return void (await call());
    const watcher = (point: string): void => {
      this.points.push(point);
      if (point === this.#at?.name && this.#seen++ === this.#at.before) this.killedAt = point;
      if (this.killedAt !== undefined) throw new Killed(`killed at ${this.killedAt}`);
    };
    try {
      await watchPoints(watcher, call);
    } catch (error) {
      if (this.killedAt === undefined) throw error;
    }
  }
}

interface Story {
  /** What becomes of the first job. */
  readonly fault: JobFault;
  readonly options: Partial<RunOptions>;
  /** Minutes that go by after each call. */
  readonly pauses: readonly number[];
}

/** The first job expires, and is made again. */
const expiring: Story = {
  fault: { end: { status: "Expired" } },
  options: { maxAttempts: 2 },
  pauses: [180, 180, 180, 180, 180],
};

/** The first job is stuck in its queue, and is moved on demand in time. */
const stuck: Story = {
  fault: { stick: { in: "Scheduled" } },
  options: { deadline: startAt + minutes(120) },
  pauses: [30, 30, 46, 4, 4, 4, 60],
};

/** What a function does with a run of three jobs over two slots: each call is another sandbox's, without any copies. */
async function workToEnd(killer: Killer, { fault, options, pauses }: Story) {
  const scene = await openFunctionScene({
    quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=2"],
    faults: { jobs: [{ job: "*-1-1", fault }] },
  });
  const id = await scene.begin(12, options);
  for (const [calls, pause] of pauses.entries()) {
    const sandbox = await scene.open(`sandbox-${calls}`);
    await killer.watch(() => scene.call(sandbox));
    await scene.advance(minutes(pause));
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
  const whole = await workToEnd(watched, expiring);
  expect(whole).toMatchObject({ names: ["1-1", "1-2", "2-1", "3-1"], jobCount: 4 });
  expect(whole.rows.map(({ _halfprice_outcome: outcome }) => outcome)).toEqual(whole.rows.map(() => "answered"));
  expect(whole.rows).toHaveLength(12);
  expect(watched.points.length).toBeGreaterThan(60);
  for (const at of choosePoints(watched.points)) {
    const killer = new Killer(pointAt(watched.points, at));
    const made = await workToEnd(killer, expiring);
    expect(killer.killedAt, `point ${at}`).toBe(watched.points[at]);
    expect(made, `killed at ${at}, ${killer.killedAt}`).toEqual(whole);
  }
}, 600_000);

it("a pass that is killed while it moves what is stuck on demand loses no row, and makes no job twice", async () => {
  const watched = new Killer();
  const whole = await workToEnd(watched, stuck);
  expect(whole.names).toEqual(["1-1", "2-1", "3-1"]);
  expect(whole.rows.map(({ _halfprice_outcome: outcome }) => outcome)).toEqual(whole.rows.map(() => "answered"));
  expect(watched.points.join()).toMatch(/shards wait again.*shard asking/s);
  for (const at of choosePoints(watched.points)) {
    const killer = new Killer(pointAt(watched.points, at));
    const made = await workToEnd(killer, stuck);
    expect(killer.killedAt, `point ${at}`).toBe(watched.points[at]);
    expect(made.rows, `killed at ${at}, ${killer.killedAt}`).toEqual(whole.rows);
    expect(new Set(made.names).size, `killed at ${at}, ${killer.killedAt}`).toBe(made.jobCount);
  }
}, 600_000);
