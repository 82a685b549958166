import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BedrockClient, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import { expect, onTestFinished } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { closeFiles } from "../../src/workspace/files/shared-workspace.ts";
import { type Session } from "../../src/workspace/session.ts";
import { listRuns } from "../../src/workspace/show-run.ts";
import { makeFolder } from "./folder.ts";
import { killAt, listPoints } from "./kill-points.ts";
import { clientOptions } from "./local-place.ts";
import { sessionOn, writeTexts } from "./local-run.ts";
import { readResults } from "./run-to-end.ts";

/** The service that all runs of a test are sent to. */
interface Service {
  readonly server: LocalServer<SteppedClock>;
  readonly bedrock: BedrockClient;
  /** How much of the service's time passes between two looks: enough that each finds the jobs ended: the points are the same each time. */
  readonly sleep: () => Promise<void>;
}

async function openService(): Promise<Service> {
  const server = await startLocal({
    clock: makeSteppedClock(Date.parse("2026-11-21T09:00:00Z")),
    seed: 1,
    quotas: ["min-records=10", "records-per-job=15"],
    // The first job of such a run: what is sent again gets its answer.
    faults: { records: [{ job: "shaky-*-1-1", fault: "throttled" }] },
  });
  const bedrock = new BedrockClient(clientOptions(server));
  onTestFinished(async () => {
    bedrock.destroy();
    await server.close();
  });
  const sleep = async (): Promise<void> => {
    server.clock.advance(6 * 3_600_000);
    await server.whenIdle();
  };
  return { server, bedrock, sleep };
}

const columns =
  "id, answer, _halfprice_outcome, _halfprice_input_tokens, _halfprice_output_tokens, _halfprice_cost_usd";

interface Scene extends Kind {
  readonly service: Service;
  readonly session: Session;
  readonly folder: string;
  readonly table: string;
}

async function openScene(service: Service, kind: Kind): Promise<Scene> {
  const { server, sleep } = service;
  const folder = makeFolder();
  const table = writeTexts(folder, kind.rowCount);
  return { service, session: await sessionOn(server, folder, { sleep }), folder, table, ...kind };
}

/** Whoever goes on after a kill: the same machine, or, with a workspace on S3, another one that has no copy of anything. */
async function goOn(scene: Scene): Promise<Scene> {
  const { shared } = scene.session.config;
  if (shared === undefined) return scene;
  closeFiles(scene.session.config.workspace);
  const prefix = shared.prefix.slice(0, -1);
  const { server, sleep } = scene.service;
  return { ...scene, session: await sessionOn(server, scene.folder, { sleep, shared: prefix, machine: "second" }) };
}

/** What kind of run it is. */
export interface Kind {
  readonly rowCount: number;
  readonly jobCount: number;
  /** How often a record is sent at most. */
  readonly maxAttempts: number;
  /** So many rows share a request. */
  readonly pack?: number;
}

/** What a user does: run it; after a crash, take it up where the ledger knows it, else run it again. */
async function work({ session, folder, table, maxAttempts, pack }: Scene): Promise<FinishedRun> {
  let [id] = (await listRuns(session)).map((run) => run.id);
  if (id === undefined) {
    const packed = pack === undefined ? {} : { pack };
    const options = { ...parseRunOptions({ belowMinimum: "on-demand" }, "test"), maxAttempts, ...packed };
    const name = maxAttempts === 1 && pack === undefined ? "sound" : "shaky";
    const input = { first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5", name };
    const request = await readRequest(input, options);
    const planned = await planRun(session, request);
    id = planned.run.id;
    await startRun(session, planned, join(folder, "out.csv"));
  }
  const { finished } = await driveRun(session, id, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  return finished;
}

/** The run's table, and the file that was asked for. */
async function readTable(finished: FinishedRun, { rowCount, jobCount }: Kind): Promise<unknown> {
  expect(finished.summary).toMatchObject({
    rowCount,
    jobCount,
    outcomeCounts: { answered: rowCount },
    discrepancies: [],
  });
  const asked = await readFile(finished.outputPath ?? "", "utf8");
  expect(asked.split("\n")).toHaveLength(rowCount + 2);
  return readResults(finished, `SELECT ${columns} FROM results`);
}

/** The service's own list of the jobs that a run has. */
async function listJobs({ bedrock }: Service, nameContains?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListModelInvocationJobs({ client: bedrock }, { nameContains })) {
    names.push(...(page.invocationJobSummaries ?? []).map(({ jobName = "" }) => jobName));
  }
  return names;
}

/** Files of a round have a part that is new each time. */
const nameOf = (point = ""): string => point.replace(/^(round-\d)-\w{5}\./, "$1.");

/**
 * The points at which a run is killed: one of each kind, when it is first reached; all of them with
 * HALFPRICE_ALL_POINTS=1, as `npm run soak -- --points` sets it.
 */
export function choosePoints(points: readonly string[]): readonly number[] {
  if (process.env["HALFPRICE_ALL_POINTS"] === "1") return [...points.keys()];
  const kinds = points.map(kindOf);
  return [...points.keys()].filter((at) => {
    const kind = kinds[at] ?? "";
    return kinds.indexOf(kind) === at;
  });
}

/** A point without the names that are new in each run: the same kind is reached for every shard and file. */
const kindOf = (point: string): string => nameOf(point).replace(/\d+/g, "n");

/** Kills a run at points that are chosen of its own, takes it up again, and compares. */
export async function killEverywhere(
  kind: Kind,
  choose: (points: readonly string[]) => readonly number[],
): Promise<void> {
  let whole: FinishedRun | undefined;
  const service = await openService();
  const scene = await openScene(service, kind);
  const points = await listPoints(async () => {
    whole = await work(scene);
  });
  if (whole === undefined) throw new Error("the run did not end");
  const expected = await readTable(whole, kind);
  const chosen = choose(points);
  let jobCount = (await listJobs(service)).length;
  for (const index of chosen) {
    const killed = await openScene(service, kind);
    expect(nameOf(await killAt(index, () => work(killed)))).toBe(nameOf(points[index]));
    const finished = await work(await goOn(killed));
    expect(await readTable(finished, kind), `killed at ${index}, ${points[index]}`).toEqual(expected);
    expect(await listJobs(service, finished.run.id), `killed at ${index}, ${points[index]}`).toHaveLength(
      kind.jobCount,
    );
    jobCount += kind.jobCount;
  }
  // Jobs of no run that is known would be orphans.
  expect(await listJobs(service)).toHaveLength(jobCount);
}
