/** Starts the local service: one port, every service on it, one directory that it owns. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ModelOptions, makeModelServices } from "./bedrock/model-services.ts";
import { type Clock, makeRunningClock } from "./clock.ts";
import { makeControl } from "./control.ts";
import { takeDataDir } from "./data-dir.ts";
import { makeGateway } from "./gateway.ts";
import { makeAdministrator } from "./iam/administrator.ts";
import { makeAuthority } from "./iam/authority.ts";
import { parseOrganisationPolicy } from "./iam/organisation-policy.ts";
import { makeIamService } from "./iam/service.ts";
import { openIamStore } from "./iam/store.ts";
import { makeUserKeys } from "./iam/user-keys.ts";
import { readLatestTimeMs } from "./jobs/latest-time.ts";
import { makeKmsService } from "./kms/service.ts";
import { openKmsStore } from "./kms/store.ts";
import { listen } from "./listener.ts";
import { makeRandom } from "./random.ts";
import { makeS3Service } from "./s3/service.ts";
import { openDiskStore } from "./s3/store/disk-store.ts";
import type { LocalService } from "./service.ts";
import { localKey, makeKeyRing } from "./signature/key-ring.ts";
import { makeStsService } from "./sts/service.ts";
import { openSessions } from "./sts/sessions.ts";
import { parseOrigins } from "./web-pages.ts";
import type { World } from "./world.ts";

export interface LocalOptions extends ModelOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Where everything is kept. Default: a temporary folder, removed at the end. It has one owner at a time. */
  readonly dataDir?: string;
  /** How many times as fast as the wall's clock jobs live. Default 1; without effect where `clock` is given. */
  readonly speed?: number;
  /** The time that jobs live by, for example a stepped one. */
  readonly clock?: Clock;
  /** Twelve digits. Default 123456789012. */
  readonly accountId?: string;
  /** The region of unsigned requests, and the one in `env`. Default us-east-1. */
  readonly region?: string;
  /** Seed of the random numbers behind shuffles, ids and faults. Default: the time. */
  readonly seed?: number;
  /** Is given one line for each request, and for each defect. */
  readonly log?: (line: string) => void;
  /** Checks every request's signature, as AWS does. Default false: every key is taken for the local user's. */
  readonly verifySignatures?: boolean;
  /**
   * Decides every call by IAM's policies, as AWS does; signatures are then verified too, for only a key says who calls. The
   * key of `env` is the account's administrator. Default false: everybody may do everything.
   */
  readonly enforceIam?: boolean;
  /**
   * What the organisation denies the account, its administrator included: policy documents, as JSON or as what it stands for.
   * Only their Deny statements count, and only where IAM is enforced. Default none.
   */
  readonly organisationDenies?: readonly (string | object)[];
  /**
   * Web pages that may use the service, by their origins: `http://localhost:3000`. Default none: what a browser sends from a page
   * is refused, since every page that its user opens could otherwise read and change what is kept.
   */
  readonly allowOrigins?: readonly string[];
  /** The wall's clock, by which signatures are checked; in milliseconds since 1970. Default Date.now. */
  readonly wallMs?: () => number;
}

/** What a client's environment needs to find the service. */
export interface LocalEnv {
  readonly AWS_ENDPOINT_URL: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_REGION: string;
  readonly AWS_DEFAULT_REGION: string;
  readonly AWS_EC2_METADATA_DISABLED: "true";
}

export interface LocalServer<C extends Clock = Clock> extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: an address, so that S3 clients put the bucket into the path. */
  readonly url: string;
  readonly port: number;
  readonly env: LocalEnv;
  readonly clock: C;
  readonly dataDir: string;
  readonly accountId: string;
  readonly region: string;
  /** Resolves when no job can move before the clock does: what a test awaits after each step of a stepped clock. */
  whenIdle(): Promise<void>;
  /** Ends all connections, stops all jobs and gives the directory back. */
  close(): Promise<void>;
}

const host = "127.0.0.1";

/**
 * Starts the service.
 * @throws DataDirInUse where another one owns the directory
 * @throws Error with code EADDRINUSE where the port is taken
 * @throws RangeError for an account, an origin or an organisation's policy that cannot be used
 * @example
 * await using local = await startLocal();
 * const s3 = new S3Client({ endpoint: local.url, region: local.region, credentials });
 */
export function startLocal<C extends Clock>(options: LocalOptions & { readonly clock: C }): Promise<LocalServer<C>>;
export function startLocal(options?: LocalOptions): Promise<LocalServer>;
export async function startLocal(options: LocalOptions = {}): Promise<LocalServer> {
  const { accountId = "123456789012", region = "us-east-1", wallMs = Date.now, log = () => undefined } = options;
  if (!/^\d{12}$/.test(accountId)) throw new RangeError(`accountId must be twelve digits, not ${accountId}`);
  const allowedOrigins = parseOrigins(options.allowOrigins ?? []);
  const isTemporary = options.dataDir === undefined;
  const dataDir = isTemporary ? await mkdtemp(join(tmpdir(), "halfprice-local-")) : resolve(options.dataDir);
  /** What was taken, to be given back in the opposite order. */
  const taken: (() => Promise<void>)[] = [];
  const giveBack = async (): Promise<void> => {
    const failures: unknown[] = [];
    // One that cannot be given back must not keep the others.
    for (const release of taken.splice(0).reverse()) await release().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  if (isTemporary) taken.push(() => rm(dataDir, { recursive: true, force: true }));
  try {
    const lock = await takeDataDir(dataDir);
    taken.push(() => lock.release());
    const latestMs = await readLatestTimeMs(dataDir);
    const aheadMs = Math.max(0, latestMs - Date.now());
    const clock = options.clock ?? makeRunningClock(options.speed ?? 1, () => Date.now() + aheadMs);
    const objects = await openDiskStore(dataDir, clock);
    taken.push(() => objects.close());
    const roles = await openIamStore({ dataDir });
    const kms = await openKmsStore({ dataDir });
    const sessions = await openSessions({ dataDir }, wallMs);
    const keys = makeKeyRing({ accountId, region }, [], sessions, makeUserKeys(roles, accountId));
    const administrator = makeAdministrator(keys.local);
    const { enforceIam = false } = options;
    const authority = makeAuthority({
      accountId,
      administrator,
      wallMs,
      store: roles,
      organisation: (options.organisationDenies ?? []).map(parseOrganisationPolicy),
      findSession: (accessKeyId) => sessions.findSession(accessKeyId),
      findBucketPolicy: (bucket) => objects.findBucket(bucket)?.record.documents["policy"],
    });
    const world: World = {
      clock,
      accountId,
      region,
      dataDir,
      objects,
      keys: kms,
      log,
      random: makeRandom(options.seed ?? wallMs()),
      ...(enforceIam && { authority }),
    };
    const { bedrock, services: modelServices, aroundCall, faults } = await makeModelServices(world, options);
    const services: LocalService[] = [
      ...modelServices,
      makeS3Service(world, objects),
      makeKmsService(world, kms),
      makeIamService(world, roles, administrator),
      makeStsService({ world, roles, sessions, keys, wallMs }),
    ];
    const closeServices = once(async () => {
      for (const service of services) await service.close?.();
    });
    taken.push(closeServices);
    const verifySignatures = enforceIam || options.verifySignatures === true;
    const control = makeControl(clock, faults);
    const gateway = makeGateway({
      services,
      world,
      keys,
      verifySignatures,
      wallMs,
      allowedOrigins,
      aroundCall,
      control,
    });
    const listener = await listen(gateway, { host, port: options.port ?? 0 });
    // A request may wait for a job or a model: it ends when its service does.
    taken.push(async () => void (await Promise.all([listener.close(), closeServices()])));
    const url = `http://${host}:${listener.port}`;
    await lock.setUrl(url);
    await bedrock.ready;
    const close = once(giveBack);
    return {
      url,
      port: listener.port,
      clock,
      dataDir,
      accountId,
      region,
      whenIdle: () => bedrock.whenIdle(),
      close,
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: localKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: localKey.secretAccessKey,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_EC2_METADATA_DISABLED: "true",
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** Closing twice is closing once. */
function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}
