/** Temporary credentials that were given out: kept, so that they still work after a restart, until they expire. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeIamId } from "../iam/store.ts";
import { openKept } from "../kept.ts";
import type { Caller } from "../service.ts";
import type { AccessKey, KeySource } from "../signature/key-ring.ts";
import type { World } from "../world.ts";

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** By the wall's clock, which clients look at. */
  readonly expiresAtMs: number;
  readonly caller: Caller;
  /** Documents that narrow what the session may do, as they were sent; policies that were named by ARN. */
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
}

export interface Sessions extends KeySource {
  /** Makes credentials for a caller, who gets their key id. */
  issue(request: {
    readonly caller: Omit<Caller, "accessKeyId">;
    readonly expiresAtMs: number;
    readonly policies?: readonly string[];
    readonly policyArns?: readonly string[];
  }): Promise<Session>;
  findSession(accessKeyId: string): Session | undefined;
}

/** Expired ones are still known for a day: whoever uses one is told that it has expired, not that it never was. */
const keptAfterMs = 24 * 3600_000;

export async function openSessions(world: Pick<World, "dataDir">, wallMs: () => number): Promise<Sessions> {
  const kept = await openKept<Readonly<Record<string, Session>>>(join(world.dataDir, "sessions.json"), {});
  const findSession = (accessKeyId: string): Session | undefined =>
    Object.hasOwn(kept.value, accessKeyId) ? kept.value[accessKeyId] : undefined;
  return {
    findSession,
    find(accessKeyId): AccessKey | undefined {
      return findSession(accessKeyId);
    },
    async issue({ caller, expiresAtMs, policies = [], policyArns = [] }) {
      const accessKeyId = makeIamId("ASIA", secureRandom, 16);
      const session: Session = {
        accessKeyId,
        secretAccessKey: randomBytes(30).toString("base64"),
        sessionToken: randomBytes(240).toString("base64"),
        expiresAtMs,
        policies,
        policyArns,
        caller: {
          ...caller,
          accessKeyId,
        },
      };
      await kept.update((sessions) => ({
        ...Object.fromEntries(Object.entries(sessions).filter(([, each]) => each.expiresAtMs + keptAfterMs > wallMs())),
        [accessKeyId]: session,
      }));
      return session;
    },
  };
}

/** Keys are secrets, not part of a run that is to be repeated: they do not come from the seed. */
const secureRandom = (): number => randomBytes(4).readUInt32BE() / 2 ** 32;
