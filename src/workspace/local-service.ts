import { join } from "node:path";
import { makeLocalPlace } from "../access/make-local-place.ts";
import type { Connection } from "../aws/connection.ts";
import { openObjectStorage } from "../aws/s3.ts";
import type { Config } from "../config/read-config.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { makeWorkspace } from "../ledger/open-ledger.ts";
import { closeFiles } from "./files/shared-workspace.ts";
import { makeSession, type Session, type SessionHooks } from "./session.ts";

/** A session on the local service of a workspace. */
export interface JoinedLocal {
  readonly session: Session;
  /** Stops the service where this process started it; its data stays, and its jobs go on when it is started again. */
  readonly close: () => Promise<void>;
}

/** Twenty minutes of a job's life pass in four seconds. */
export const localSpeed = 300;

const speedVariable = "HALFPRICE_LOCAL_SPEED";

/** How many times as fast as the wall's clock jobs live, as the environment has it. @throws BAD_OPTIONS */
function readSpeed(): number {
  const given = process.env[speedVariable];
  if (given === undefined || given === "") return localSpeed;
  const speed = Number(given);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  const problems = [`${speedVariable} is ${given}; it has to be a number above 0`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice local" });
}

const localRegion = "us-east-1";
/** A bucket is of one region, and so is the role that a region's jobs may use. */
const nameFor = (name: string, region: string): string => (region === localRegion ? name : `${name}-${region}`);
const bucket = "halfprice-local";
const roleName = "HalfpriceBatchRole";

/** A service that answers at a URL; closing it leaves it to whoever else uses it. */
interface FoundService {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The services that this process uses, by folder, and how many sessions use each: the last one lets go of it. */
const shared = new Map<string, { users: number; readonly service: Promise<FoundService> }>();

/** The file that says how often simulated models are right, where the environment names one. */
const behaviourVariable = "HALFPRICE_MODEL_BEHAVIOUR";

function readBehaviour(): { readonly modelBehaviour?: string } {
  const path = process.env[behaviourVariable];
  return path === undefined || path === "" ? {} : { modelBehaviour: path };
}

/** The only door to the local service: it is half of all code, and who never asks for it never loads it. */
const loadLocal = (): Promise<typeof import("../local/index.ts")> => import("../local/index.ts");

/** How often a guest looks whether the process still runs that hosts the service: well within the SDK's own tries. */
const lookEveryMs = 100;

/**
 * Uses the service that another process hosts. When that process ends first, this one hosts the service in its place, at the same
 * address and with the same data: clients that were refused a moment ago find it at their next try, and jobs go on.
 */
async function useAsGuest(dataDir: string, region: string, speed: number, url: string): Promise<FoundService> {
  const { findOwner, startLocal } = await loadLocal();
  const port = Number(new URL(url).port);
  let own: { close(): Promise<void> } | undefined;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    if (own !== undefined || (await findOwner(dataDir)) !== undefined) return;
    try {
      own = await startLocal({ dataDir, region, speed, port, ...readBehaviour() });
    } catch {
      // Another guest was faster, or the port is not free yet: the next look tells.
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, lookEveryMs);
  timer.unref();
  return {
    url,
    async close() {
      clearInterval(timer);
      await looking;
      await own?.close();
    },
  };
}

/** Uses the service of a folder, with all sessions of this process together. @throws LOCAL_DATA_BUSY, MODEL_BEHAVIOUR */
async function findService(dataDir: string, region: string, speed: number): Promise<FoundService> {
  const share = shared.get(dataDir) ?? { users: 0, service: openService(dataDir, region, speed) };
  shared.set(dataDir, share);
  share.users += 1;
  const release = async (): Promise<void> => {
    share.users -= 1;
    if (share.users > 0) return;
    shared.delete(dataDir);
    await (await share.service).close();
  };
  try {
    return { url: (await share.service).url, close: release };
  } catch (error) {
    if (shared.get(dataDir) === share) shared.delete(dataDir);
    throw error;
  }
}

/** Uses the service of another process, or starts one here. @throws LOCAL_DATA_BUSY, MODEL_BEHAVIOUR */
async function openService(dataDir: string, region: string, speed: number): Promise<FoundService> {
  const { DataDirInUse, findOwner, ModelBehaviourError, startLocal } = await loadLocal();
  for (;;) {
    const owner = await findOwner(dataDir);
    if (owner?.url !== undefined) return useAsGuest(dataDir, region, speed, owner.url);
    try {
      return await startLocal({ dataDir, region, speed, ...readBehaviour() });
    } catch (error) {
      if (error instanceof ModelBehaviourError)
        throw new HalfpriceError("MODEL_BEHAVIOUR", { path: error.path, reason: error.reason }, { cause: error });
      if (!(error instanceof DataDirInUse)) throw error;
      const { pid, url, takenAtMs } = error.owner;
      if (url !== undefined) return useAsGuest(dataDir, region, speed, url);
      // Another process was faster, or takes over from one that has ended: in a moment it can be reached.
      if (Date.now() - takenAtMs > patienceMs) {
        const details = { dataDir, owner: `process ${pid}, which is starting` };
        throw new HalfpriceError("LOCAL_DATA_BUSY", details, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}

/** How long a service that is starting is waited for: a start takes well under a second. */
const patienceMs = 10_000;

/** How many sessions use the files of a workspace on S3 at a local service: the service that comes after has another address. */
const users = new Map<string, number>();

/** The bucket of a workspace on S3 is made with the service, as everything else is. */
async function holdFiles(config: Config, connection: Connection): Promise<void> {
  const { workspace, shared, region = localRegion } = config;
  users.set(workspace, (users.get(workspace) ?? 0) + 1);
  if (shared === undefined) return;
  const storage = openObjectStorage(connection);
  try {
    await storage.createBucket(shared.bucket, region);
  } finally {
    storage.close();
  }
}

function releaseFiles(workspace: string): void {
  const left = (users.get(workspace) ?? 1) - 1;
  users.set(workspace, left);
  if (left <= 0) closeFiles(workspace);
}

/**
 * Finds the workspace's local service, or starts one in this process with its data under the workspace, and makes bucket
 * and role. Dummy keys are used: no profile of the user is read.
 * @throws LOCAL_DATA_BUSY, MODEL_BEHAVIOUR
 */
export async function joinLocal(
  config: Config,
  hooks: SessionHooks,
  speed: number = readSpeed(),
): Promise<JoinedLocal> {
  const region = config.region ?? localRegion;
  // A workspace on S3 of this service is another than that of the same name on AWS, and so are its copies here.
  const workspace = config.shared === undefined ? config.workspace : `${config.workspace}-local`;
  // Closed to others, before anything is kept in it.
  makeWorkspace(workspace);
  const { url, close: leave } = await findService(join(workspace, "local"), region, speed);
  const close = async (): Promise<void> => {
    if (config.shared !== undefined) releaseFiles(workspace);
    await leave();
  };
  const connection = { region, endpointUrl: url, dummyCredentials: { accessKeyId: "local", secretAccessKey: "local" } };
  try {
    const place = await makeLocalPlace(connection, {
      bucket: config.bucket ?? nameFor(bucket, region),
      prefix: config.prefix,
      roleName: nameFor(roleName, region),
    });
    const localConfig = { ...config, ...place, workspace, region, profile: undefined, endpointUrl: url };
    if (config.shared !== undefined) await holdFiles(localConfig, connection);
    return { session: makeSession(localConfig, { ...hooks, connection }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
