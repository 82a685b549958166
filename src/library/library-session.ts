import { readConfig } from "../config/read-config.ts";
import { joinLocal } from "../workspace/local-service.ts";
import { makeSession, openWorkspace, type Session, type SessionHooks } from "../workspace/session.ts";
import type { SessionOptions } from "./batch-options.ts";
import { toJobsEvent } from "./progress-events.ts";

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
 * Keeps the workspace's local service open, so that its jobs go on between calls; without `local` there is nothing to keep.
 * @returns what lets go of it
 * @throws LOCAL_DATA_BUSY
 */
export async function keepLocal(options: SessionOptions): Promise<() => Promise<void>> {
  if (options.local !== true) return () => Promise.resolve();
  const { close } = await joinLocal(await readLibraryConfig(options), {});
  return close;
}

/**
 * The workspace of a program's options, closed to others before anything is kept in it, and the region that its models are looked up in.
 * @throws BAD_OPTIONS, BAD_SPEC
 */
export async function openOwnWorkspace(options: SessionOptions): Promise<{ workspace: string; region: string }> {
  const config = await readLibraryConfig(options);
  (await openWorkspace(config)).close();
  return { workspace: config.workspace, region: config.region ?? "us-east-1" };
}

/** The configuration of a program's options, the environment and the configuration file. @throws BAD_OPTIONS, BAD_SPEC */
export function readLibraryConfig(options: SessionOptions): ReturnType<typeof readConfig> {
  const { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups } =
    options;
  return readConfig(
    { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups },
    process.env,
    process.cwd(),
  );
}

function makeHooks({ signal, onProgress = () => undefined }: SessionOptions): SessionHooks {
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

function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
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
