import { type Config, nameWorkspace, readConfig } from "../config/read-config.ts";
import type { Origin } from "../foundation/types/index.ts";
import { joinLocal } from "../workspace/local-service.ts";
import { guessOriginKind } from "../workspace/model-readings.ts";
import { makeSession, openWorkspace, type Session, type SessionHooks } from "../workspace/session.ts";
import type { SessionOptions } from "./batch-options.ts";
import { makeJobsEvents } from "./progress-events.ts";

/** Does some work in a session that a program's options describe, and closes what was opened for it. @throws BAD_OPTIONS, LOCAL_DATA_BUSY */
export async function inLibrarySession<Result>(
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { signal, aws } = options;
  signal?.throwIfAborted();
  const config = await readLibraryConfig(options);
  const hooks = makeHooks(options);
  if (options.local !== true)
    return work(makeSession(config, aws === undefined ? hooks : { ...hooks, connection: { aws } }));
  const { session, close } = await joinLocal(config, hooks);
  try {
    return await work(session);
  } finally {
    await close();
  }
}

/**
 * Does some work that reads the workspace and asks no service of its runs. Nothing but the workspace is opened for it: with `local`, one on S3
 * is at the local service.
 * @throws BAD_OPTIONS; SERVICE_REFUSED, UNREACHABLE where the workspace is on S3
 */
export async function inWorkspace<Result>(
  options: SessionOptions,
  work: (config: Config) => Promise<Result>,
): Promise<Result> {
  const config = await readLibraryConfig(options);
  if (config.shared === undefined) return work(config);
  return inLibrarySession(options, (session) => work(session.config));
}

/**
 * Keeps the workspace's local service open, so that its jobs go on between calls; without `local` there is nothing to keep.
 * @returns what lets go of it
 * @throws LOCAL_DATA_BUSY
 */
export async function keepLocal(options: SessionOptions): Promise<() => Promise<void>> {
  if (options.local !== true) return () => Promise.resolve();
  const { close } = await joinLocal(await readLibraryConfig(options), {});
  return close;
}

const usualRegion = "us-east-1";

/**
 * The workspace of a program's options, closed to others before anything is kept in it, and the region that its models are looked up in.
 * @throws BAD_OPTIONS, BAD_SPEC
 */
export async function openOwnWorkspace(options: SessionOptions): Promise<OwnWorkspace> {
  return inWorkspace(options, async (config) => {
    (await openWorkspace(config)).close();
    const { workspace: folder, region = usualRegion } = config;
    return { folder, name: nameWorkspace(config), region, originKind: findOriginKind(options, config) };
  });
}

const findOriginKind = (options: SessionOptions, config: Config): Origin["kind"] =>
  options.local === true ? "local" : guessOriginKind(config, process.env);

/** Where the state of a program that stands on the library is kept. */
export interface OwnWorkspace {
  /** On this disk; copies where the workspace is on S3. */
  readonly folder: string;
  /** As the option `workspace` takes it. */
  readonly name: string;
  readonly region: string;
  /** Whose answers there are, as far as it can be told without asking. */
  readonly originKind: Origin["kind"];
}

/** What options, environment and configuration file come to. */
export interface Settings extends Config {
  /** Whose answers there would be, as far as it can be told without asking: those of AWS or of a local service. */
  readonly originKind: Origin["kind"];
  /** The workspace as a person writes it: its folder, or `s3://bucket/prefix`. */
  readonly workspaceName: string;
}

/** The settings that options, the environment and the configuration file come to. Asks nobody. @throws BAD_OPTIONS, BAD_SPEC */
export async function readSettings(options: SessionOptions = {}): Promise<Settings> {
  const config = await readLibraryConfig(options);
  const named = { ...config, workspaceName: nameWorkspace(config) };
  const originKind = findOriginKind(options, config);
  return options.local === true
    ? { ...named, region: config.region ?? usualRegion, originKind }
    : { ...named, originKind };
}

/** The configuration of a program's options, the environment and the configuration file. @throws BAD_OPTIONS, BAD_SPEC */
export function readLibraryConfig(options: SessionOptions): Promise<Config> {
  const { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups } =
    options;
  return readConfig(
    { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups },
    process.env,
    process.cwd(),
    options.configFile !== false,
  );
}

function makeHooks({ signal, onProgress = () => undefined }: SessionOptions): SessionHooks {
  const toJobsEvent = makeJobsEvents(Date.now);
  return {
    onStep(step) {
      signal?.throwIfAborted();
      onProgress({ kind: "step", step });
    },
    onProgress(progress) {
      signal?.throwIfAborted();
      onProgress(toJobsEvent(progress));
    },
    onTrouble: (error, retryInMs) => onProgress({ kind: "trouble", error, retryInMs }),
    sleep: (ms) => sleepUnlessAborted(ms, signal),
  };
}

/** Waits; aborting ends the wait. @throws the signal's reason */
export function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
