import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import type { LocalServer } from "../../src/local/index.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { planRetry } from "../../src/run/retry/plan-retry.ts";
import { startRetry } from "../../src/run/retry/start-retry.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { type Session } from "../../src/workspace/session.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";
import { runToEnd } from "../support/run-to-end.ts";

const ask = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };

function writeTable(folder: string, name: string, from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, index) => [`text number ${from + index}`]);
  return writeFile(folder, `${name}.csv`, makeCsv(["text"], rows));
}

const requestOf = async (first: string, options: object = {}, name?: string) =>
  readRequest(
    { first, ...ask, ...(name === undefined ? {} : { name }) },
    { ...parseRunOptions({}, "test"), ...options },
  );

/** What the service's jobs were given, by its own count. */
async function countRecords({ url }: LocalServer): Promise<number> {
  const read = async <Body>(path: string): Promise<Body> => (await (await fetch(`${url}${path}`)).json()) as Body;
  type Jobs = { invocationJobSummaries: { jobArn: string }[] };
  const { invocationJobSummaries: jobs } = await read<Jobs>("/model-invocation-jobs");
  const counts = await Promise.all(
    jobs.map(({ jobArn }) => read<{ totalRecordCount: number }>(`/model-invocation-job/${encodeURIComponent(jobArn)}`)),
  );
  return counts.reduce((sum, { totalRecordCount }) => sum + totalRecordCount, 0);
}

/** A plan that stands at its question while another process goes on. */
async function finishPlan(session: Session, planned: Awaited<ReturnType<typeof planRun>>) {
  const said: number[] = [];
  const started = await startRun(session, planned, undefined, (next) => void said.push(next.plan.recordCount));
  const { finished } = await driveRun(session, started.runId, "follow");
  return { started, finished, said };
}

describe("a plan that stands at its question", () => {
  it("sends nothing where the same run has begun and ended since, and has its whole table", async () => {
    const { session, folder, server } = await openLocalRun();
    const table = writeTable(folder, "t", 0, 150);
    const planned = await planRun(session, await requestOf(table));
    await runToEnd(session, { first: table, ...ask });
    const { started, finished, said } = await finishPlan(session, planned);
    expect([started.joined, said]).toEqual([undefined, [0]]);
    expect(finished?.summary).toMatchObject({ jobCount: 0, paidUsd: 0, outcomeCounts: { answered: 150 } });
    expect(await countRecords(server)).toBe(150);
  });

  it("joins the same run where that has begun since and is under way", async () => {
    const { session, folder, server } = await openLocalRun();
    const table = writeTable(folder, "t", 0, 150);
    const planned = await planRun(session, await requestOf(table));
    const other = await planRun(session, await requestOf(table));
    await startRun(session, other, undefined);
    await driveRun(session, other.run.id, "once");
    const { started, finished } = await finishPlan(session, planned);
    expect([started.runId, started.joined?.id]).toEqual([other.run.id, other.run.id]);
    expect(finished?.summary.outcomeCounts.answered).toBe(150);
    expect([(await listRuns(session)).length, await countRecords(server)]).toEqual([1, 150]);
  });

  it("waits for the records that another run has begun with since, and takes those that one has answered", async () => {
    const { session, folder, server } = await openLocalRun({ quotas: ["min-records=10"] });
    const planned = await planRun(session, await requestOf(writeTable(folder, "all", 0, 300)));
    await runToEnd(session, { first: writeTable(folder, "ended", 0, 50), ...ask });
    const other = await planRun(session, await requestOf(writeTable(folder, "begun", 40, 150)));
    await startRun(session, other, undefined);
    const { started, finished, said } = await finishPlan(session, planned);
    expect(said).toEqual([150]);
    expect(started.planned.plan.earlier).toMatchObject({
      requestCount: 50,
      awaited: [{ runId: other.run.id, round: 0, requestCount: 100 }],
    });
    expect(finished?.summary).toMatchObject({ outcomeCounts: { answered: 300 }, discrepancies: [] });
    expect(await countRecords(server)).toBe(300);
  });

  it("shares the records of a canary with one that has begun since", async () => {
    const { session, folder, server } = await openLocalRun({ quotas: ["min-records=10"] });
    const canary = { count: 12, seed: 1 };
    const planned = await planRun(session, await requestOf(writeTable(folder, "one", 0, 60), { canary }, "one"));
    const other = await planRun(session, await requestOf(writeTable(folder, "two", 0, 30), { canary }, "two"));
    await startRun(session, other, undefined);
    const { finished, started } = await finishPlan(session, planned);
    expect(finished?.summary.outcomeCounts.answered).toBe(60);
    const asked = (started.planned.plan.canary?.recordCount ?? 0) + (other.plan.canary?.recordCount ?? 0);
    expect((await countRecords(server)) + asked).toBe(60);
  });

  it("pays again where everything is to be paid again", async () => {
    const { session, folder, server } = await openLocalRun();
    const table = writeTable(folder, "t", 0, 150);
    const planned = await planRun(session, await requestOf(table, { fullRefresh: true }));
    await runToEnd(session, { first: table, ...ask });
    const { finished } = await finishPlan(session, planned);
    expect([finished?.summary.jobCount, await countRecords(server)]).toEqual([1, 300]);
  });
});

describe("two runs that retry the same records", () => {
  /** Two runs of the same records, which have failed in both. */
  async function openFailed() {
    const opened = await openLocalRun({
      quotas: ["min-records=10"],
      faults: { records: [{ job: "*-1-1", fault: "throttled", times: 100 }] } as never,
    });
    const { session, folder } = opened;
    const one = await runToEnd(session, { first: writeTable(folder, "one", 0, 50), ...ask });
    const two = await runToEnd(session, { first: writeTable(folder, "two", 0, 50), ...ask });
    expect([one, two].map(({ summary }) => summary.outcomeCounts.error)).toEqual([50, 50]);
    return { ...opened, one, two };
  }

  it("at once send them once: the second waits for the first", async () => {
    const { session, server, one, two } = await openFailed();
    const [first, second] = [await planRetry(session, one.run.id, {}), await planRetry(session, two.run.id, {})];
    expect([first.recordCount, second.recordCount]).toEqual([50, 50]);
    await startRetry(session, first);
    const begun = await startRetry(session, second);
    expect(begun).toMatchObject({ recordCount: 0, awaited: [{ runId: one.run.id, round: 1, requestCount: 50 }] });
    const { finished } = await driveRun(session, two.run.id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(50);
    expect((await driveRun(session, one.run.id, "follow")).finished?.summary.outcomeCounts.answered).toBe(50);
    expect(await countRecords(server)).toBe(150);
  });

  it("one after the other send them once: the second takes the answers", async () => {
    const { session, server, one, two } = await openFailed();
    const second = await planRetry(session, two.run.id, {});
    await startRetry(session, await planRetry(session, one.run.id, {}));
    await driveRun(session, one.run.id, "follow");
    expect(await startRetry(session, second)).toMatchObject({ recordCount: 0, earlierCount: 50, awaited: [] });
    const { finished } = await driveRun(session, two.run.id, "follow");
    expect(finished?.summary).toMatchObject({ outcomeCounts: { answered: 50 } });
    expect(await countRecords(server)).toBe(150);
  });

  it("send what the other's round has not answered either, once", async () => {
    const opened = await openLocalRun({
      quotas: ["min-records=10"],
      faults: {
        records: [
          { job: "one-*", fault: "throttled" },
          { job: "two-*-1-1", fault: "throttled" },
        ],
      } as never,
    });
    const { session, folder, server } = opened;
    const one = await runToEnd(session, { first: writeTable(folder, "one", 0, 50), ...ask });
    const two = await runToEnd(session, { first: writeTable(folder, "two", 0, 50), ...ask });
    await startRetry(session, await planRetry(session, one.run.id, {}));
    await startRetry(session, await planRetry(session, two.run.id, {}));
    const { finished } = await driveRun(session, two.run.id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(50);
    expect(await countRecords(server)).toBe(200);
  });
});
