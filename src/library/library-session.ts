import { readConfig } from "../config/read-config.ts";
import { joinLocal } from "../workspace/local-service.ts";
import { makeSession, type Session, type SessionHooks } from "../workspace/session.ts";
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
