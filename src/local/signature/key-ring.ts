/** The access keys that the service knows: the local user's, those of IAM's users, and the temporary ones of STS. */
import { partitionOf } from "../partition.ts";
import type { Caller } from "../service.ts";

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for temporary credentials: the request must carry it. */
  readonly sessionToken?: string;
  /** By the wall's clock, which is the one that clients look at; in milliseconds since 1970. */
  readonly expiresAtMs?: number;
  readonly caller: Caller;
}

export interface KeyRing {
  find(accessKeyId: string): AccessKey | undefined;
  /** The identity of requests that say nothing, and of unknown keys while signatures are not verified. */
  readonly local: Caller;
}

/** Where further keys come from: STS keeps those that it issued. */
export interface KeySource {
  find(accessKeyId: string): AccessKey | undefined;
}

/** The key that `env` hands out; `test`/`test` is what people already have in their scripts for local AWS services. */
export const localKey = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** @param owner the account, and a region of its partition */
export function makeKeyRing(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  fixed: readonly AccessKey[],
  ...sources: readonly KeySource[]
): KeyRing {
  const local: Caller = {
    accountId,
    arn: `arn:${partitionOf(region)}:iam::${accountId}:user/local`,
    userId: "AIDALOCALUSER00000000",
    accessKeyId: undefined,
  };
  const known = new Map<string, AccessKey>([
    [localKey.accessKeyId, { ...localKey, caller: { ...local, accessKeyId: localKey.accessKeyId } }],
    ...fixed.map((key) => [key.accessKeyId, key] as const),
  ]);
  return {
    local,
    find(accessKeyId) {
      const fixedKey = known.get(accessKeyId);
      if (fixedKey !== undefined) return fixedKey;
      for (const source of sources) {
        const key = source.find(accessKeyId);
        if (key !== undefined) return key;
      }
      return undefined;
    },
  };
}
