import { openObjectStorage } from "../../aws/s3.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { Session } from "../../workspace/session.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/** A request that the local service has answered. */
export interface LocalRequest {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** `s3`, `bedrock`. */
  readonly service: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly tookMs: number;
}

/** The local service as it is now. */
export interface LocalState {
  readonly url: string;
  /** The time by which jobs live. */
  readonly clock: { readonly nowMs: number; readonly canSkip: boolean };
  /** The fault plan that holds now, as docs/local-service.md has it. */
  readonly faults: object | null;
  /** At most 500, the latest first. */
  readonly requests: readonly LocalRequest[];
  readonly buckets: readonly { readonly name: string; readonly objectCount: number; readonly sizeBytes: number }[];
}

/** What is changed of the local service. */
export type LocalChange =
  /** The fault plan that holds from here on; null for none. */
  | { readonly faults: object | null }
  /** Moves the clock forward, so that jobs go on. */
  | { readonly skipMs: number };

/** The local service of the workspace, or the one of `endpointUrl`: its requests, faults, clock and buckets. @throws BAD_OPTIONS where there is none */
export async function readLocalState(options: SessionOptions = {}): Promise<LocalState> {
  refuseUnknownOptions(options, [], "readLocalState");
  return inLibrarySession(options, async (session) => describe(session, await call(session, "GET", "state")));
}

/** Switches faults on or off, or moves the clock. @throws BAD_OPTIONS where the plan or the step cannot be used, or there is no local service */
export async function changeLocal(change: LocalChange, options: SessionOptions = {}): Promise<LocalState> {
  refuseUnknownOptions(options, [], "changeLocal");
  return inLibrarySession(options, async (session) => {
    if ("skipMs" in change) return describe(session, await call(session, "POST", "clock", change));
    const { faults } = change;
    const answered =
      faults === null ? await call(session, "DELETE", "faults") : await call(session, "PUT", "faults", faults);
    return describe(session, answered);
  });
}

/** Objects of a bucket below a prefix, of the local service or of AWS. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export async function listObjects(
  bucket: string,
  prefix: string,
  options: SessionOptions = {},
): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]> {
  refuseUnknownOptions(options, [], "listObjects");
  return inLibrarySession(options, async ({ connection }) => {
    const storage = openObjectStorage(connection);
    try {
      return await storage.list(bucket, prefix);
    } finally {
      storage.close();
    }
  });
}

type Answered = Pick<LocalState, "clock" | "faults" | "requests">;

async function describe({ connection }: Session, answered: Answered): Promise<LocalState> {
  const storage = openObjectStorage(connection);
  try {
    const names = await storage.listBuckets();
    const buckets = await Promise.all(
      names.map(async (name) => {
        const objects = await storage.list(name, "");
        const sizeBytes = objects.reduce((sum, object) => sum + object.sizeBytes, 0);
        return { name, objectCount: objects.length, sizeBytes };
      }),
    );
    return { url: connection.endpointUrl ?? "", ...answered, buckets };
  } finally {
    storage.close();
  }
}

async function call({ connection }: Session, method: string, path: string, body?: object): Promise<Answered> {
  const { endpointUrl } = connection;
  const refuse = (problem: string): HalfpriceError =>
    new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice local" });
  if (endpointUrl === undefined) throw refuse("there is no local service here: give local: true, or its endpointUrl");
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(new URL(`/_halfprice/${path}`, endpointUrl), init).catch((error: unknown) => {
    throw refuse(`the local service at ${endpointUrl} does not answer: ${String(error)}`);
  });
  const answered = (await response.json().catch(() => ({}))) as Answered & { message?: string };
  if (!response.ok) throw refuse(answered.message ?? `${endpointUrl} is no local service of halfprice`);
  return answered;
}
