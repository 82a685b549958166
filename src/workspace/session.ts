import { existsSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Connection } from "../aws/connection.ts";
import { readInstanceRegion } from "../aws/environment/instance-region.ts";
import type { Identity } from "../aws/sts.ts";
import { readIdentity } from "../aws/sts.ts";
import type { Config } from "../config/read-config.ts";
import type { Engine, EngineOptions } from "../engine/engine.ts";
import { openEngine } from "../engine/engine.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Origin } from "../foundation/types/index.ts";
import type { JobProgress } from "../jobs/job-run.ts";
import { ledgerFile, refuseFile } from "../ledger/ledger-file.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { openFiles, type WorkspacePlace } from "./files/shared-workspace.ts";
import type { RunPaths } from "./run-folder.ts";

/** What a run works with; the same for every stage. */
export interface Session {
  readonly config: Config;
  readonly connection: Connection;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onStep: (step: string) => void;
  readonly onProgress: (progress: JobProgress) => void;
  readonly onTrouble: (error: HalfpriceError, retryInMs: number) => void;
}

/** The workspace alone: what is known without asking any service needs no more of a session. */
export interface OwnWorkspace {
  readonly config: WorkspacePlace;
}

/** Whether there ever was a run: to say that there is none needs no ledger, and makes none. @throws BAD_WORKSPACE */
export function hasLedger({ workspace, shared }: WorkspacePlace): boolean {
  // Whether there is one on S3 is seen when it is opened.
  if (shared !== undefined) return true;
  refuseFile(workspace);
  return existsSync(ledgerFile(workspace));
}

/** Opens the ledger of a workspace, and makes both where they are missing. Close it after use. */
export async function openWorkspace(place: WorkspacePlace): Promise<Ledger> {
  return openFiles(place).openLedger();
}

/** Where the answers of a caller's runs come from. */
export function toOrigin({ accountId, region, isLocal }: Identity): Origin {
  return { kind: isLocal ? "local" : "aws", accountId, region };
}

/**
 * The local service that a session works at, where it is not the workspace's own. Undefined for AWS as well.
 * @param kind of the origin that the session's caller has
 */
export function findEndpoint({ connection }: Session, kind: Origin["kind"]): string | undefined {
  const { dummyCredentials, endpointUrl = process.env["AWS_ENDPOINT_URL"] } = connection;
  if (kind !== "local" || dummyCredentials !== undefined || endpointUrl === undefined) return undefined;
  return new URL(endpointUrl).origin;
}

/** Who am I, and where? @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, NO_REGION, UNREACHABLE, SERVICE_REFUSED */
export async function identify({ connection }: Session): Promise<Identity> {
  try {
    return await readIdentity(connection);
  } catch (error) {
    if (!(error instanceof HalfpriceError) || error.code !== "NO_REGION") throw error;
    if ((await readInstanceRegion()) === undefined) throw error;
    return readIdentity(connection);
  }
}

const threadsVariable = "HALFPRICE_ENGINE_THREADS";

/** How many threads each engine of this process has, as the environment says; undefined for as many as there are cores. @throws BAD_OPTIONS */
export function engineThreads(): number | undefined {
  const given = process.env[threadsVariable];
  if (given === undefined || given === "") return undefined;
  if (/^[1-9]\d{0,3}$/.test(given)) return Number(given);
  const problems = [`${threadsVariable} is ${JSON.stringify(given)}; it has to be a whole number from 1`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice" });
}

/** Engines that this process has opened. */
let opened = 0;

const spillOfHost = `spill-${hostname().replace(/[^\w.]+/g, "_")}-`;

/** Removes what engines of processes that died have spilled. On a shared disk only those of this machine are known. */
function removeSpills(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(spillOfHost) ? Number(name.slice(spillOfHost.length).split("-")[0]) : Number.NaN;
    if (Number.isInteger(pid) && !self.isAlive(pid)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

/** An engine on a run's folder, until it is closed. */
export async function openRunEngine(
  { directory }: Pick<RunPaths, "directory">,
  options: Omit<EngineOptions, "tempDirectory"> = {},
): Promise<{ readonly engine: Engine; readonly close: () => void }> {
  // Several processes may read one run: each has a folder of its own, which no other removes.
  opened += 1;
  removeSpills(directory);
  const tempDirectory = join(directory, `${spillOfHost}${process.pid}-${opened}`);
  const threads = engineThreads();
  const engine = await openEngine({ tempDirectory, ...(threads === undefined ? {} : { threads }), ...options });
  const close = (): void => {
    engine.close();
    rmSync(tempDirectory, { recursive: true, force: true });
  };
  return { engine, close };
}

/** Opens an engine for one piece of work, and closes it again. */
export async function withEngine<Result>(
  paths: Pick<RunPaths, "directory">,
  work: (engine: Engine) => Promise<Result>,
  options: Pick<EngineOptions, "timezone"> = {},
): Promise<Result> {
  const { engine, close } = await openRunEngine(paths, options);
  try {
    return await work(engine);
  } finally {
    close();
  }
}

/** The process that works on a run. */
export const self = {
  pid: process.pid,
  host: hostname(),
  isAlive: (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};

/** The parts of a session that a caller may leave out. */
export type SessionHooks = Partial<Omit<Session, "config" | "connection">> & { readonly connection?: Connection };

/** Makes a session of a configuration: the wall's clock, and no word to anyone unless hooks say so. */
export function makeSession(config: Config, hooks: SessionHooks = {}): Session {
  const { region, profile, endpointUrl } = config;
  const nothing = (): void => undefined;
  const connection = {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    ...hooks.connection,
  };
  openFiles(config, connection);
  return {
    config,
    connection,
    nowMs: hooks.nowMs ?? Date.now,
    random: hooks.random ?? Math.random,
    sleep: hooks.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    onStep: hooks.onStep ?? nothing,
    onProgress: hooks.onProgress ?? nothing,
    onTrouble: hooks.onTrouble ?? nothing,
  };
}
