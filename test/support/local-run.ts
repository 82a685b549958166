import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/read-config.ts";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/index.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { makeSession, type Session, type SessionHooks } from "../../src/workspace/session.ts";
import { makeFolder, writeFile } from "./folder.ts";
import { placeOn } from "./local-place.ts";
import { makeCsv } from "./records.ts";

export interface LocalRun {
  readonly folder: string;
  readonly server: LocalServer;
  readonly session: Session;
}

/** A local service and a session on it, with bucket and role. Ten minutes of a job pass in a tenth of a second. */
export async function openLocalRun(options: LocalOptions = {}, hooks: SessionHooks = {}): Promise<LocalRun> {
  const folder = makeFolder();
  const server = await startLocal({ speed: 6000, dataDir: join(folder, "aws"), seed: 1, ...options });
  onTestFinished(() => server.close());
  return { folder, server, session: await sessionOn(server, folder, hooks) };
}

/** The tests of what holds for every workspace run once with folders, and once, as another project of vitest, with workspaces on S3. */
export const isSharedSuite = process.env["HALFPRICE_TEST_WORKSPACE"] === "s3";

let workspaces = 0;

function sharedByDefault(): string | undefined {
  if (!isSharedSuite) return undefined;
  workspaces += 1;
  return `workspace-${workspaces}`;
}

/** Where the workspace of a test is, where it is on S3. */
export interface SharedPlace {
  /** The prefix of the workspace in the bucket of the test. */
  readonly shared?: string;
  /** Each machine has copies of its own. @defaultValue "first" */
  readonly machine?: string;
}

/** A session on a local service. */
export async function sessionOn(
  server: LocalServer,
  folder: string,
  { shared = sharedByDefault(), machine = "first", ...hooks }: SessionHooks & SharedPlace = {},
): Promise<Session> {
  const { bucket, roleArn, connection } = await placeOn(server, { bucket: "test-bucket" });
  const config = {
    ...placeWorkspace(folder, shared, machine),
    region: server.region,
    profile: undefined,
    endpointUrl: server.url,
    prefix: "halfprice/",
    bucket,
    roleArn,
  };
  return makeSession(config, { ...hooks, connection });
}

function placeWorkspace(
  folder: string,
  prefix: string | undefined,
  machine: string,
): Pick<Config, "workspace" | "shared"> {
  if (prefix === undefined) return { workspace: join(folder, ".halfprice") };
  const uri = `s3://test-bucket/${prefix}`;
  return {
    workspace: join(folder, `copies-${machine}`),
    shared: { bucket: "test-bucket", prefix: `${prefix}/`, uri },
  };
}

/** A session of another machine on the same workspace: it has no copies of anything. A folder is on the one machine that there is. */
export async function elsewhere({ server, session, folder }: LocalRun, machine = "second"): Promise<Session> {
  const { shared } = session.config;
  return shared === undefined ? session : sessionOn(server, folder, { shared: shared.prefix.slice(0, -1), machine });
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
