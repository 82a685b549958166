/** Who may do what, where it is enforced: the one place that every service asks. */
import type { Caller } from "../service.ts";
import type { AccessRequest } from "./access-request.ts";
import { type Decision, decide, type Policies } from "./evaluate/decide.ts";
import { type Policy, parsePolicy, type RequestKeys } from "./evaluate/policy.ts";
import { findPrincipalContext, type PrincipalContext, readDocument } from "./principal-context.ts";
import { makeRequestKeys } from "./request-keys.ts";
import type { IamStore, User } from "./store.ts";

export interface Authority {
  /** What a call is refused with, in AWS's words; undefined where it is allowed. */
  findDenial(this: void, caller: Caller, ask: AccessRequest): string | undefined;
  /** Whether a service may take on a role: what its trust policy says. False where there is no such role. */
  mayAssume(
    this: void,
    service: string,
    roleArn: string,
    keys: NonNullable<AccessRequest["keys"]>,
    region: string,
  ): boolean;
  /** Whether a session of the role, as a service has it, may do something. */
  mayAsRole(this: void, roleArn: string, sessionName: string, ask: AccessRequest): boolean;
}

export interface AuthorityParts {
  readonly store: IamStore;
  readonly accountId: string;
  readonly administrator: User;
  /** Session policies of temporary keys. */
  readonly findSession: (
    accessKeyId: string,
  ) => { readonly policies: readonly string[]; readonly policyArns: readonly string[] } | undefined;
  readonly findBucketPolicy: (bucket: string) => string | undefined;
  readonly organisation: readonly Policy[];
  /** The wall's clock, for `aws:CurrentTime`. */
  readonly wallMs: () => number;
}

/** What a bucket's owner may still do whatever the bucket's policy denies: else nobody could correct one. */
const correctable = new Set(["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]);

export function makeAuthority(parts: AuthorityParts): Authority {
  const { store, accountId, administrator, organisation, wallMs } = parts;

  const standingOf = ({ arn, userId }: Caller): PrincipalContext => {
    if (arn === administrator.arn) return findPrincipalContext(administrator, { accountId }, store);
    const [, roleName] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
    const role = roleName === undefined ? undefined : store.findRole(roleName);
    // A role that was made again under the old name is another one.
    if (role !== undefined && userId.startsWith(`${role.id}:`))
      return findPrincipalContext(role, { accountId, session: { arn, userId } }, store);
    const user = store.findUserByArn(arn);
    if (user !== undefined) return findPrincipalContext(user, { accountId }, store);
    // Whoever is gone has nothing any more.
    return { principal: { kind: "user", arn, accountId }, policies: [], boundary: undefined, keys: new Map() };
  };

  const sessionPoliciesOf = (accessKeyId: string | undefined): Policy[] | undefined => {
    const session = accessKeyId === undefined ? undefined : parts.findSession(accessKeyId);
    if (session === undefined || session.policies.length + session.policyArns.length === 0) return undefined;
    const inline = session.policies.map((document) => parsePolicy(document, "session policy"));
    return [...inline, ...session.policyArns.map((arn) => readDocument(arn, store))];
  };

  const policyOf = (
    { bucket, trust, keyPolicy, action }: AccessRequest,
    isAdministrator: boolean,
  ): Policy | undefined => {
    if (trust !== undefined) return parsePolicy(trust, "trust policy");
    if (keyPolicy !== undefined) return parsePolicy(keyPolicy, "key policy");
    if (bucket === undefined || (isAdministrator && correctable.has(action))) return undefined;
    const document = parts.findBucketPolicy(bucket);
    return document === undefined ? undefined : parsePolicy(document, "bucket policy");
  };

  const keysOf = (ask: AccessRequest, own: RequestKeys): RequestKeys =>
    makeRequestKeys(ask, own, { accountId, nowMs: wallMs() });

  const decideFor = (context: PrincipalContext, ask: AccessRequest, session: Policy[] | undefined): Decision => {
    const { principal, policies: identity, boundary } = context;
    const isAdministrator = principal.kind === "user" && principal.arn === administrator.arn;
    const policies: Policies = {
      identity,
      boundary,
      session,
      organisation,
      resource: policyOf(ask, isAdministrator),
      isResourceNeeded: ask.trust !== undefined || ask.keyPolicy !== undefined,
    };
    const { action, resource } = ask;
    return decide({ principal, action, resource, keys: keysOf(ask, context.keys) }, policies);
  };

  return {
    findDenial(caller, ask) {
      const decision = decideFor(standingOf(caller), ask, sessionPoliciesOf(caller.accessKeyId));
      return decision.isAllowed ? undefined : sayDenial(caller.arn, ask, decision);
    },
    mayAssume(service, roleArn, keys, region) {
      const role = store.findRoleByArn(roleArn);
      if (role === undefined) return false;
      const ask: AccessRequest = { action: "sts:AssumeRole", resource: roleArn, region, keys };
      const own = new Map([
        ["aws:principalisawsservice", ["true"]],
        ["aws:principalservicename", [service]],
      ]);
      const request = { principal: { kind: "service", service }, action: ask.action, resource: roleArn } as const;
      // What an organisation denies its accounts, it does not deny AWS's services.
      const policies = { identity: [], resource: parsePolicy(role.trust, "trust policy") };
      return decide({ ...request, keys: keysOf(ask, own) }, policies).isAllowed;
    },
    mayAsRole(roleArn, sessionName, ask) {
      const role = store.findRoleByArn(roleArn);
      if (role === undefined) return false;
      const session = {
        arn: `arn:${role.arn.split(":")[1]}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
        userId: `${role.id}:${sessionName}`,
      };
      return decideFor(findPrincipalContext(role, { accountId, session }, store), ask, undefined).isAllowed;
    },
  };
}

/** AWS's message. Of an identity-based and a service control policy it is on record (sources#permissions, sources#role-rights). */
function sayDenial(arn: string, ask: AccessRequest, { isExplicit, kind }: Decision & { isAllowed: false }): string {
  const { action, resource, shown = resource } = ask;
  const what = `User: ${arn} is not authorized to perform: ${action}${shown === "" ? "" : ` on resource: ${shown}`}`;
  if (isExplicit) return `${what} with an explicit deny in ${kind.startsWith("identity") ? "an" : "a"} ${kind}`;
  // STS gives no reason: nobody learns what another's trust policy says.
  if (ask.trust !== undefined) return what;
  return `${what} because no ${kind} allows the ${action} action`;
}
