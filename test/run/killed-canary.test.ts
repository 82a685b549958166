import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { onDemandFile } from "../../src/jobs/ask-shard.ts";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { type Session } from "../../src/workspace/session.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { makeFolder } from "../support/folder.ts";
import { killAt, listPoints } from "../support/kill-points.ts";
import { sessionOn, writeTexts } from "../support/local-run.ts";
import { readResults } from "../support/run-to-end.ts";

let server: LocalServer<SteppedClock>;
beforeAll(async () => {
  server = await startLocal({
    clock: makeSteppedClock(Date.parse("2026-11-21T09:00:00Z")),
    seed: 1,
    quotas: ["min-records=10"],
  });
});
afterAll(() => server.close());

async function sleep(): Promise<void> {
  server.clock.advance(6 * 3_600_000);
  await server.whenIdle();
}

interface Scene {
  readonly session: Session;
  readonly table: string;
}

async function openScene(): Promise<Scene> {
  const folder = makeFolder();
  return { session: await sessionOn(server, folder, { sleep }), table: writeTexts(folder, 16) };
}

/** A canary of six records on demand, then a job of ten; after a crash, taken up where the ledger knows it. */
async function work({ session, table }: Scene): Promise<FinishedRun> {
  let [id] = (await listRuns(session)).map((run) => run.id);
  if (id === undefined) {
    const options = { ...parseRunOptions({}, "test"), canary: { count: 6, seed: 1 } };
    const request = await readRequest({ first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" }, options);
    const planned = await planRun(session, request);
    id = planned.run.id;
    await startRun(session, planned, undefined);
  }
  const { finished } = await driveRun(session, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  return finished;
}

const columns =
  "id, answer, _halfprice_outcome, _halfprice_input_tokens, _halfprice_output_tokens, _halfprice_cost_usd";

async function readTable(finished: FinishedRun): Promise<unknown> {
  const { summary, paths, run } = finished;
  expect(summary).toMatchObject({ rowCount: 16, jobCount: 1, discrepancies: [], outcomeCounts: { answered: 16 } });
  // Each record of the canary has one line, whatever was killed.
  const file = join(paths.directory, onDemandFile({ round: 0, index: run.canary?.index ?? 0 }));
  const ids = [...readFileSync(file, "utf8").matchAll(/"recordId":"([0-9a-f]{32})"\}\n/g)].map(([, id]) => id);
  expect([ids.length, new Set(ids).size]).toEqual([6, 6]);
  return readResults(finished, `SELECT ${columns} FROM results`);
}

it("a canary that is killed on its way ends in the same table, with each of its records answered once", async () => {
  const whole = await openScene();
  let expected: unknown;
  const points = await listPoints(async () => {
    expected = await readTable(await work(whole));
  });
  const first = points.findIndex((point) => point === "ledger: shard asking written");
  const last = points.findIndex((point) => point.includes("CreateModelInvocationJob announced"));
  expect([first > 0, last > first + 12]).toEqual([true, true]);
  // Every fifth: all of them were tried once, and take minutes.
  for (let index = first; index <= last; index += 5) {
    const scene = await openScene();
    const killedAt = await killAt(index, () => work(scene));
    expect(killedAt, `point ${index}`).toBeDefined();
    expect(await readTable(await work(scene)), `killed at ${killedAt}`).toEqual(expected);
  }
}, 120_000);
