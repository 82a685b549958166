/** A function that nobody watches, on a local service whose time moves when a test says so. */
import {
  BedrockClient,
  type ModelInvocationJobSummary,
  paginateListModelInvocationJobs,
} from "@aws-sdk/client-bedrock";
import { onTestFinished } from "vitest";
import { makePass, type PassSummary } from "../../src/deploy/make-pass.ts";
import { type RunOptions } from "../../src/foundation/options/run-options.ts";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { closeFiles } from "../../src/workspace/files/shared-workspace.ts";
import { type Session } from "../../src/workspace/session.ts";
import { makeFolder } from "./folder.ts";
import { scheduledEvent } from "./job-events.ts";
import { sessionOn, startTestRun, writeTexts } from "./local-run.ts";

export const startAt = Date.parse("2026-11-21T09:00:00Z");
export const minutes = (count: number): number => count * 60_000;

export interface FunctionScene {
  readonly clock: SteppedClock;
  readonly server: LocalServer<SteppedClock>;
  readonly folder: string;
  /** The machine of a person, with copies of its own. */
  readonly person: Session;
  /** A sandbox of the function, which has no copy of anything when it is new. */
  open(name: string): Promise<Session>;
  /** The function is called. What it logs is in `logged`. */
  call(sandbox: Session, event?: unknown, forMs?: number): Promise<PassSummary>;
  readonly logged: Record<string, unknown>[];
  /** Lets so much of the service's time go by. */
  advance(byMs: number): Promise<void>;
  /** Plans and begins a run over so many distinct texts. */
  begin(rowCount: number, options?: Partial<RunOptions>): Promise<string>;
  /** The service's own list of all jobs. */
  listJobs(): Promise<ModelInvocationJobSummary[]>;
  readonly bedrock: BedrockClient;
}

const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** For one test. */
export async function openFunctionScene(options: Omit<LocalOptions, "clock"> = {}): Promise<FunctionScene> {
  const clock = makeSteppedClock(startAt);
  const folder = makeFolder();
  const server = await startLocal({ clock, seed: 1, quotas: ["min-records=4", "records-per-job=4"], ...options });
  const bedrock = new BedrockClient({ endpoint: server.url, region: server.region, credentials });
  const sessions: Session[] = [];
  onTestFinished(async () => {
    for (const { config } of sessions) closeFiles(config.workspace);
    bedrock.destroy();
    await server.close();
  });
  const advance = async (byMs: number): Promise<void> => {
    clock.advance(byMs);
    await server.whenIdle();
  };
  const open = async (machine: string): Promise<Session> => {
    const hooks = { nowMs: () => clock.nowMs(), sleep: advance };
    const session = await sessionOn(server, folder, { shared: "team", machine, ...hooks });
    sessions.push(session);
    return session;
  };
  const person = await open("person");
  const logged: Record<string, unknown>[] = [];
  return {
    ...{ clock, server, folder, person, open, logged, advance, bedrock },
    call: (session, event = scheduledEvent, forMs = minutes(13)) =>
      makePass(event, {
        session,
        untilMs: clock.nowMs() + forMs,
        log: (entry) => logged.push({ ...entry }),
      }),
    begin(rowCount, given = {}) {
      return startTestRun(person, writeTexts(makeFolder(), rowCount), given);
    },
    async listJobs() {
      const jobs: ModelInvocationJobSummary[] = [];
      for await (const page of paginateListModelInvocationJobs({ client: bedrock }, { maxResults: 1000 })) {
        jobs.push(...(page.invocationJobSummaries ?? []));
      }
      return jobs;
    },
  };
}

const ended = /^(Completed|PartiallyCompleted|Failed|Stopped|Expired)$/;
export const isInFlight = ({ status }: ModelInvocationJobSummary): boolean => !ended.test(status ?? "");
