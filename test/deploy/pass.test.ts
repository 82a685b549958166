import { expect, it } from "vitest";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { openWorkspace, type Session } from "../../src/workspace/session.ts";
import { type FunctionScene, isInFlight, minutes, openFunctionScene } from "../support/function-scene.ts";
import { jobEvent, scheduledEvent, strangersEvent } from "../support/job-events.ts";
import { readResults } from "../support/run-to-end.ts";

/** Calls the function every quarter of an hour until no run has jobs under way. */
async function callUntilEnded(scene: FunctionScene, sandbox: Session, most = 100): Promise<number> {
  for (let calls = 1; calls <= most; calls += 1) {
    const { states } = await scene.call(sandbox);
    if (Object.keys(states).every((state) => state === "ended")) return calls;
    await scene.advance(minutes(15));
  }
  throw new Error(`not ended after ${most} calls`);
}

async function joinTable({ person }: FunctionScene, id: string) {
  const { finished } = await driveRun(person, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  const [counted] = await readResults(
    finished,
    "SELECT count(DISTINCT id) AS rows FROM results WHERE answer IS NOT NULL",
  );
  return { ...finished, answeredRows: Number(counted?.["rows"]) };
}

it("makes 300 jobs over 20 slots, each once, and keeps the slots full, whatever events come", async () => {
  const scene = await openFunctionScene({ quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=20"] });
  const id = await scene.begin(1200);
  const sandbox = await scene.open("sandbox");
  const events = [scheduledEvent, strangersEvent];
  const seen: number[] = [];
  for (let calls = 0; calls < 100; calls += 1) {
    const { states } = await scene.call(sandbox, events[calls % events.length]);
    const jobs = await scene.listJobs();
    if (jobs.length < 300) seen.push(jobs.filter(isInFlight).length);
    const [last] = jobs;
    events[2] = jobEvent(last?.jobArn ?? "", last?.status);
    if (states["ended"] === 1) break;
    await scene.advance(minutes(15));
  }
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).toEqual(seen.map(() => 20));
  const names = (await scene.listJobs()).map(({ jobName }) => jobName);
  expect(new Set(names).size).toBe(300);
  expect(names).toHaveLength(300);
  const { summary, answeredRows } = await joinTable(scene, id);
  expect(summary).toMatchObject({ jobCount: 300, outcomeCounts: { answered: 1200 }, discrepancies: [] });
  expect(answeredRows).toBe(1200);
  expect(await scene.listJobs()).toHaveLength(300);
}, 600_000);

it("waits out throttling, and sends jobs again that failed before their first record", async () => {
  const scene = await openFunctionScene({
    quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=5"],
    faults: {
      calls: [{ operation: "CreateModelInvocationJob", fault: "throttling", after: 3, times: 12 }],
      jobs: [
        {
          job: "*-2-1",
          fault: { end: { status: "Failed", message: "Internal server error. Please try your request again." } },
        },
        { job: "*-5-1", fault: { end: { status: "Expired" } } },
      ],
    },
  });
  const id = await scene.begin(60, { maxAttempts: 2 });
  const sandbox = await scene.open("sandbox");
  await callUntilEnded(scene, sandbox);
  const jobs = await scene.listJobs();
  const attempts = jobs.map(({ jobName = "" }) => jobName.slice(jobName.indexOf(id) + id.length + 1)).sort();
  expect(attempts).toEqual([...Array.from({ length: 15 }, (_, index) => `${index + 1}-1`), "2-2", "5-2"].sort());
  const { summary } = await joinTable(scene, id);
  expect(summary.outcomeCounts).toMatchObject({ answered: 60 });
}, 300_000);

it("leaves a run to whoever works on it, and takes it over when that one says nothing any more", async () => {
  const scene = await openFunctionScene();
  const id = await scene.begin(8);
  const ledger = await openWorkspace(scene.person.config);
  await ledger.change("somebody else", () =>
    ledger
      .prepare("UPDATE runs SET owner_pid = 7, owner_host = 'elsewhere', owner_seen_at = ? WHERE id = ?")
      .run(scene.clock.nowMs(), id),
  );
  const sandbox = await scene.open("sandbox");
  expect((await scene.call(sandbox)).states).toEqual({ busy: 1 });
  expect(await scene.listJobs()).toEqual([]);
  await scene.advance(minutes(11));
  expect((await scene.call(sandbox)).states).toEqual({ working: 1 });
  expect(await scene.listJobs()).toHaveLength(2);
});

it("in two sandboxes at once makes no job twice", async () => {
  const scene = await openFunctionScene();
  const id = await scene.begin(40);
  const [first, second] = [await scene.open("first"), await scene.open("second")];
  // Both take themselves for the one process that works on the run, as two do of which one was silent for long.
  await Promise.all([scene.call(first), scene.call(second)]);
  // One of them may find the other at work, or not: it depends on which is where.
  const jobs = await scene.listJobs();
  expect(new Set(jobs.map(({ jobName }) => jobName)).size).toBe(jobs.length);
  await callUntilEnded(scene, first);
  expect(await scene.listJobs()).toHaveLength(10);
  expect((await joinTable(scene, id)).summary.outcomeCounts).toMatchObject({ answered: 40 });
});

it("gives every run its turn before it says what is wrong with one", async () => {
  const scene = await openFunctionScene({
    faults: {
      calls: [
        {
          operation: "CreateModelInvocationJob",
          fault: { kind: "error", type: "AccessDeniedException", status: 403, message: "not authorized" },
          times: 1,
        },
      ],
    },
  });
  const refused = await scene.begin(8);
  await scene.advance(minutes(1));
  await scene.begin(4, { maxTokens: 10 });
  const sandbox = await scene.open("sandbox");
  await expect(scene.call(sandbox)).rejects.toThrow(`run ${refused}: SERVICE_REFUSED`);
  expect(scene.logged.map(({ kind, state }) => [kind, state])).toEqual([
    ["run", "waiting"],
    ["run", "working"],
    ["summary", undefined],
  ]);
  expect(await scene.listJobs()).toHaveLength(1);
});

it("stops what it has made of a run that was stopped meanwhile", async () => {
  const scene = await openFunctionScene();
  const id = await scene.begin(40);
  const sandbox = await scene.open("sandbox");
  const calling = scene.call(sandbox);
  // Somebody stops the run when its first job is there.
  while ((await scene.listJobs()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await driveRun(scene.person, id, "stop").catch(() => undefined);
  await calling;
  await scene.advance(minutes(60));
  const jobs = await scene.listJobs();
  expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => "Stopped"));
  expect((await scene.call(sandbox)).runCount).toBe(0);
});
