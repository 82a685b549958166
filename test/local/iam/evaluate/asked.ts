/** Short ways to write a request and the policies that concern it. */
import { type Decision, decide, type Policies } from "../../../../src/local/iam/evaluate/decide.ts";
import { type Policy, parsePolicy } from "../../../../src/local/iam/evaluate/policy.ts";
import type { Principal } from "../../../../src/local/iam/evaluate/principal.ts";

export const account = "111122223333";
export const otherAccount = "444455556666";
export const jane: Principal = { kind: "user", arn: `arn:aws:iam::${account}:user/jane`, accountId: account };
export const worker: Principal = {
  kind: "session",
  arn: `arn:aws:sts::${account}:assumed-role/worker/night`,
  roleArn: `arn:aws:iam::${account}:role/worker`,
  accountId: account,
};
export const bedrock: Principal = { kind: "service", service: "bedrock.amazonaws.com" };

export type Statements = readonly Readonly<Record<string, unknown>>[];

export const makePolicy = (statements: Statements, version = "2012-10-17"): Policy =>
  parsePolicy(JSON.stringify({ Version: version, Statement: statements }), "test");

export interface Asked {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Given {
  readonly identity?: Statements;
  readonly resource?: Statements;
  readonly session?: Statements;
  readonly boundary?: Statements;
  readonly organisation?: Statements;
  readonly isResourceNeeded?: boolean;
  readonly resourceAccountId?: string;
  readonly version?: string;
}

export function ask(
  { principal = jane, action = "s3:GetObject", resource = "arn:aws:s3:::bucket/key", keys = {} }: Asked,
  given: Given,
): Decision {
  const make = (statements: Statements): Policy => makePolicy(statements, given.version);
  const policies: Policies = {
    identity: given.identity === undefined ? [] : [make(given.identity)],
    ...(given.resource !== undefined && { resource: make(given.resource) }),
    ...(given.session !== undefined && { session: given.session.length === 0 ? [] : [make(given.session)] }),
    ...(given.boundary !== undefined && { boundary: make(given.boundary) }),
    ...(given.organisation !== undefined && { organisation: [make(given.organisation)] }),
    ...(given.isResourceNeeded !== undefined && { isResourceNeeded: given.isResourceNeeded }),
    ...(given.resourceAccountId !== undefined && { resourceAccountId: given.resourceAccountId }),
  };
  const requestKeys = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  return decide({ principal, action, resource, keys: requestKeys }, policies);
}

/** `allowed`, or who refuses: `Deny session policy`, `no identity-based policy`. */
export function said(decision: Decision): string {
  if (decision.isAllowed) return "allowed";
  return `${decision.isExplicit ? "Deny" : "no"} ${decision.kind}`;
}
