import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeLocalPlace } from "../../src/access/make-local-place.ts";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/index.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { makeSession, type Session, type SessionHooks } from "../../src/workspace/session.ts";
import { makeFolder, writeFile } from "./folder.ts";
import { makeCsv } from "./records.ts";

export interface LocalRun {
  readonly folder: string;
  readonly server: LocalServer;
  readonly session: Session;
}

const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/** A local service and a session on it, with bucket and role. Ten minutes of a job pass in a tenth of a second. */
export async function openLocalRun(options: LocalOptions = {}, hooks: SessionHooks = {}): Promise<LocalRun> {
  const folder = makeFolder();
  const server = await startLocal({ speed: 6000, dataDir: join(folder, "aws"), seed: 1, ...options });
  onTestFinished(() => server.close());
  return { folder, server, session: await sessionOn(server, folder, hooks) };
}

/** A session on a local service. */
export async function sessionOn(server: LocalServer, folder: string, hooks: SessionHooks = {}): Promise<Session> {
  const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
  const place = await makeLocalPlace(connection, {
    bucket: "test-bucket",
    prefix: "halfprice/",
    roleName: "BatchRole",
  });
  const config = {
    workspace: join(folder, ".halfprice"),
    region: server.region,
    profile: undefined,
    endpointUrl: server.url,
    prefix: "halfprice/",
    ...place,
  };
  return makeSession(config, { ...hooks, connection });
}

/** A table of so many distinct texts. @returns its path */
export function writeTexts(folder: string, count: number): string {
  const rows = Array.from({ length: count }, (_, index) => [String(index), `text number ${index}`]);
  return writeFile(folder, "texts.csv", makeCsv(["id", "text"], rows));
}

/** Plans and promotes a run over a table. @returns its id */
export async function startTestRun(
  session: Session,
  table: string,
  options: Partial<RunOptions> = {},
): Promise<string> {
  const usual = { ...parseRunOptions({}, "test"), ...options };
  const request = await readRequest({ first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" }, usual);
  const planned = await planRun(session, request);
  return (await startRun(session, planned, undefined)).runId;
}
