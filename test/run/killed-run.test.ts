import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BedrockClient, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type FinishedRun,
  listRuns,
  parseRunOptions,
  planRun,
  readRequest,
  type Session,
  startRun,
  workRun,
} from "../../src/index.ts";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { makeFolder } from "../support/folder.ts";
import { killAt, listPoints } from "../support/kill-points.ts";
import { sessionOn, writeTexts } from "../support/local-run.ts";
import { readResults } from "../support/run-to-end.ts";

let server: LocalServer<SteppedClock>;
let bedrock: BedrockClient;
beforeAll(async () => {
  server = await startLocal({
    clock: makeSteppedClock(Date.parse("2026-11-21T09:00:00Z")),
    seed: 1,
    quotas: ["min-records=10", "records-per-job=15"],
    // The first job of such a run: what is sent again gets its answer.
    faults: { records: [{ job: "shaky-*-1-1", fault: "throttled" }] },
  });
  bedrock = new BedrockClient({
    endpoint: server.url,
    region: server.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
});
afterAll(async () => {
  bedrock.destroy();
  await server.close();
});

const columns =
  "id, answer, _halfprice_outcome, _halfprice_input_tokens, _halfprice_output_tokens, _halfprice_cost_usd";

/** So much of the service's time passes between two looks that each finds the jobs ended: the points are the same each time. */
async function sleep(): Promise<void> {
  server.clock.advance(6 * 3_600_000);
  await server.whenIdle();
}

interface Scene {
  readonly session: Session;
  /** A record is sent at most so often. */
  readonly maxAttempts: number;
  readonly table: string;
}

async function openScene(maxAttempts: number): Promise<Scene> {
  const folder = makeFolder();
  return { session: await sessionOn(server, folder, { sleep }), table: writeTexts(folder, 30), maxAttempts };
}

/** What a user does: run it; after a crash, take it up where the ledger knows it, else run it again. */
async function work({ session, table, maxAttempts }: Scene): Promise<FinishedRun> {
  let [id] = (await listRuns(session)).map((run) => run.id);
  if (id === undefined) {
    const options = { ...parseRunOptions({}, "test"), maxAttempts };
    const name = maxAttempts === 1 ? "sound" : "shaky";
    const input = { first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5", name };
    const request = await readRequest(input, options);
    const planned = await planRun(session, request);
    id = planned.run.id;
    await startRun(session, planned, join(session.config.workspace, "..", "out.csv"));
  }
  const { finished } = await workRun(session, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  return finished;
}

/** The run's table, and the file that was asked for. */
async function readTable(finished: FinishedRun, jobCount: number): Promise<unknown> {
  expect(finished.summary).toMatchObject({
    rowCount: 30,
    jobCount,
    outcomeCounts: { answered: 30 },
    discrepancies: [],
  });
  const asked = await readFile(finished.outputPath ?? "", "utf8");
  expect(asked.split("\n")).toHaveLength(32);
  return readResults(finished, `SELECT ${columns} FROM results`);
}

/** The service's own list of the jobs that a run has. */
async function listJobs(nameContains?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListModelInvocationJobs({ client: bedrock }, { nameContains })) {
    names.push(...(page.invocationJobSummaries ?? []).map(({ jobName = "" }) => jobName));
  }
  return names;
}

/** Files of a round have a part that is new each time. */
const nameOf = (point = ""): string => point.replace(/^(round-\d)-\w{5}\./, "$1.");

/** Kills a run at points that are chosen of its own, takes it up again, and compares. */
async function killEverywhere(
  maxAttempts: number,
  jobs: number,
  choose: (points: readonly string[]) => readonly number[],
): Promise<void> {
  let whole: FinishedRun | undefined;
  const scene = await openScene(maxAttempts);
  const points = await listPoints(async () => {
    whole = await work(scene);
  });
  if (whole === undefined) throw new Error("the run did not end");
  const expected = await readTable(whole, jobs);
  const chosen = choose(points);
  let jobCount = (await listJobs()).length;
  for (const index of chosen) {
    const killed = await openScene(maxAttempts);
    expect(nameOf(await killAt(index, () => work(killed)))).toBe(nameOf(points[index]));
    const finished = await work(killed);
    expect(await readTable(finished, jobs), `killed at ${index}, ${points[index]}`).toEqual(expected);
    expect(await listJobs(finished.run.id), `killed at ${index}, ${points[index]}`).toHaveLength(jobs);
    jobCount += jobs;
  }
  // Jobs of no run that is known would be orphans.
  expect(await listJobs()).toHaveLength(jobCount);
}

it("that is killed at any announced point ends, taken up again, in the same table, with no job twice and none orphaned", async () => {
  await killEverywhere(1, 2, (points) => {
    expect(points.length).toBeGreaterThan(60);
    return [...points.keys()];
  });
}, 600_000);

it("that sends again by itself does the same when it is killed from one round to the next", async () => {
  await killEverywhere(2, 3, (points) => {
    const ended = points.indexOf("ledger: run collected written");
    const sent = points.indexOf("ledger: shard submitted written", ended);
    expect([ended > 0, sent > ended]).toEqual([true, true]);
    return [...points.keys()].slice(ended, sent + 1);
  });
}, 300_000);
