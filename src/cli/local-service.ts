import { join } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type Config, makeLocalPlace, makeSession, type Session, type SessionHooks } from "../index.ts";

/** The local service of a workspace, as a command uses it. */
export interface JoinedLocal {
  readonly session: Session;
  /** Stops the service where this process started it; its data stays, and its jobs go on when it is started again. */
  readonly close: () => Promise<void>;
}

/** Twenty minutes of a job's life pass in four seconds. */
export const localSpeed = 300;

const localRegion = "us-east-1";
/** A bucket is of one region, and so is the role that a region's jobs may use. */
const nameFor = (name: string, region: string): string => (region === localRegion ? name : `${name}-${region}`);
const bucket = "halfprice-local";
const roleName = "HalfpriceBatchRole";

/**
 * Finds the workspace's local service, or starts one in this process with its data under the workspace, and makes bucket
 * and role. Dummy keys are used: no profile of the user is read.
 * @throws LOCAL_DATA_BUSY
 */
export async function joinLocal(config: Config, hooks: SessionHooks, speed: number = localSpeed): Promise<JoinedLocal> {
  const { DataDirInUse, findOwner, startLocal } = await import("../local/index.ts");
  const dataDir = join(config.workspace, "local");
  const region = config.region ?? localRegion;
  const { openWorkspace } = await import("../index.ts");
  // Makes the workspace, closed to others, before anything is kept in it.
  (await openWorkspace(config)).close();
  let url = (await findOwner(dataDir))?.url;
  let close = (): Promise<void> => Promise.resolve();
  if (url === undefined) {
    try {
      const server = await startLocal({ dataDir, region, speed });
      url = server.url;
      close = () => server.close();
    } catch (error) {
      if (!(error instanceof DataDirInUse)) throw error;
      const owner = error.owner.url ?? `process ${error.owner.pid}, which is starting`;
      if (error.owner.url === undefined)
        throw new HalfpriceError("LOCAL_DATA_BUSY", { dataDir, owner }, { cause: error });
      url = error.owner.url;
    }
  }
  const connection = { region, endpointUrl: url, dummyCredentials: { accessKeyId: "local", secretAccessKey: "local" } };
  try {
    const place = await makeLocalPlace(connection, {
      bucket: config.bucket ?? nameFor(bucket, region),
      prefix: config.prefix,
      roleName: nameFor(roleName, region),
    });
    const localConfig = { ...config, ...place, region, profile: undefined, endpointUrl: url };
    return { session: makeSession(localConfig, { ...hooks, connection }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
