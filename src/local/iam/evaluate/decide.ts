/**
 * The decision on one request, by all policies that concern it.
 *
 *   a Deny anywhere                          refused, whatever else is said
 *   same account                             allowed by the resource's policy, or by the principal's own (either will do)
 *   across accounts                          allowed by both
 *   a trust policy, a key's policy           has to allow; where it names only the account, the principal's own too
 *   session policies, boundary               have to allow what the principal's own policies allow
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (known, not read again)
 */
import type { Policy } from "./policy.ts";
import { findMatches, type Match, type Request } from "./statement.ts";

/** The kinds of policies, as AWS's messages call them. */
export type PolicyKind =
  | "service control policy"
  | "resource-based policy"
  | "identity-based policy"
  | "permissions boundary"
  | "session policy";

export interface Policies {
  /** Of the user or role. */
  readonly identity: readonly Policy[];
  /** Of the bucket, or the trust policy of the role. */
  readonly resource?: Policy | undefined;
  /** Whether the resource's policy has to allow by itself, as a role's trust policy has. Default false. */
  readonly isResourceNeeded?: boolean;
  /** The account that owns the resource; the principal's own where left out. */
  readonly resourceAccountId?: string | undefined;
  /** Together they narrow; undefined narrows nothing, an empty list everything. */
  readonly session?: readonly Policy[] | undefined;
  readonly boundary?: Policy | undefined;
  /** What the organisation denies. What these allow is not looked at. */
  readonly organisation?: readonly Policy[];
}

export type Decision =
  | { readonly isAllowed: true; readonly matches: readonly Match[] }
  | {
      readonly isAllowed: false;
      /** Whether something denies it; else nothing allows it. */
      readonly isExplicit: boolean;
      /** The kind that denies, or that should have allowed. */
      readonly kind: PolicyKind;
      readonly matches: readonly Match[];
    };

export function decide(request: Request, policies: Policies): Decision {
  const { identity, resource, session, boundary, organisation = [] } = policies;
  const ofResource = resource === undefined ? [] : [resource];
  const ofBoundary = boundary === undefined ? [] : [boundary];
  const all: [PolicyKind, readonly Policy[]][] = [
    ["service control policy", organisation],
    ["resource-based policy", ofResource],
    ["identity-based policy", identity],
    ["permissions boundary", ofBoundary],
    ["session policy", session ?? []],
  ];
  for (const [kind, list] of all) {
    const matches = findMatches(list, "Deny", request);
    if (matches.length > 0) return { isAllowed: false, isExplicit: true, kind, matches };
  }
  const refuse = (kind: PolicyKind): Decision => ({ isAllowed: false, isExplicit: false, kind, matches: [] });

  const grants = findMatches(ofResource, "Allow", request);
  const { principal } = request;
  // A service has no policies of its own, and a stranger has none either.
  if (principal.kind === "service" || principal.kind === "anonymous")
    return grants.length > 0 ? { isAllowed: true, matches: grants } : refuse("resource-based policy");

  const isSameAccount = (policies.resourceAccountId ?? principal.accountId) === principal.accountId;
  const byResource = grants.filter(({ naming }) => naming !== "account");
  if (isSameAccount && byResource.some(({ naming }) => naming === "self"))
    return { isAllowed: true, matches: byResource };
  const own = findMatches(identity, "Allow", request);
  if ((!isSameAccount || policies.isResourceNeeded === true) && grants.length === 0) {
    return refuse(own.length === 0 && !isSameAccount ? "identity-based policy" : "resource-based policy");
  }
  const isGrantedByResource = isSameAccount && byResource.length > 0;
  if (own.length === 0 && !isGrantedByResource) return refuse("identity-based policy");
  if (boundary !== undefined && findMatches(ofBoundary, "Allow", request).length === 0)
    return refuse("permissions boundary");
  if (session !== undefined && findMatches(session, "Allow", request).length === 0) return refuse("session policy");
  return { isAllowed: true, matches: [...own, ...byResource] };
}
