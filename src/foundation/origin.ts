import type { Origin } from "./types/index.ts";

/** An origin for people: `account 111122223333 in us-east-1`. */
export function describeOrigin({ kind, accountId, region }: Origin): string {
  return kind === "local" ? `the local service (${region})` : `account ${accountId} in ${region}`;
}

/** Whether two origins are one: answers, totals and caps of one never serve another. */
export function isSameOrigin(one: Origin, other: Origin): boolean {
  return one.kind === other.kind && one.accountId === other.accountId && one.region === other.region;
}
