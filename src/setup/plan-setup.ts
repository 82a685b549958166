import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KnownCaller } from "../access/caller.ts";
import { findCaller, findNamedCaller } from "../access/caller.ts";
import { fitPolicy, makeCallerPolicy } from "../access/caller-policy.ts";
import { makeDoctorPolicy } from "../access/doctor-policy.ts";
import { addModels, keepModels } from "../access/keep-models.ts";
import { findMissingRights } from "../access/missing-rights.ts";
import type { PartServices } from "../access/part.ts";
import { isMadeBySetup } from "../access/part.ts";
import type { PlannedPart, WantedPart } from "../access/plan-parts.ts";
import { planParts } from "../access/plan-parts.ts";
import type { AccessScope } from "../access/policies.ts";
import { makeRolePolicy, makeTrustPolicy } from "../access/policies.ts";
import { privateBucket, wantBucketPolicy, wantEncryption, wantLifecycle } from "../access/wanted-bucket.ts";
import type { BucketEncryption } from "../aws/bucket-settings.ts";
import type { Identity } from "../aws/sts.ts";
import { type Advice, adviseDualRole, compareRole } from "../doctor/advise-role.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findFirstUse } from "../models/rules/first-use.ts";
import type { Session } from "../workspace/session.ts";
import { planKeyPolicy } from "./plan-key-policy.ts";
import { makeScope, nameRole, type SetupRequest } from "./setup-scope.ts";

/** What setup would do. */
export interface SetupPlan {
  readonly identity: Identity;
  readonly scope: AccessScope;
  readonly callerArn: string;
  /** In the order in which they are made. */
  readonly parts: readonly PlannedPart[];
  readonly advice: readonly Advice[];
}

const roleNameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/**
 * Reads what is there and says what would be made or changed. Changes nothing.
 * @param configPath where the settings go; undefined where none are to be kept
 * @throws BUCKET_DENIED, BUCKET_REGION, ROLE_ACCOUNT, ROLE_NOT_FOUND, SERVICE_REFUSED, BAD_OPTIONS
 */
export async function planSetup(
  session: Session,
  request: SetupRequest,
  identity: Identity,
  services: PartServices,
  configDirectory: string | undefined,
): Promise<SetupPlan> {
  const { iam } = services;
  const advice: Advice[] = [];
  let scope = await makeScope(session, identity, request);
  session.onStep("looking at the role");
  const role = await iam.findRole(roleNameOf(scope.roleArn));
  if (role === undefined && roleNameOf(scope.roleArn) !== nameRole(identity)) {
    throw new HalfpriceError("ROLE_NOT_FOUND", { roleArn: scope.roleArn });
  }
  if (role !== undefined) scope = { ...scope, roleArn: role.arn };
  session.onStep("looking at the bucket");
  scope = await takeBucketKey(scope, services, advice);
  const wanted: WantedPart[] = [...(await wantBucket(scope, request))];
  const caller =
    request.caller === undefined ? await findCaller(identity.arn, iam) : await findNamedCaller(request.caller, iam);
  const ownRole = role === undefined || isMadeBySetup(role);
  if (ownRole) wanted.push(...(await wantRole(scope)));
  else if (role !== undefined) advice.push(...(await compareRole(role, scope, services)));
  session.onStep("looking at the caller");
  wanted.push(...(await wantCaller(caller, scope, services, advice)));
  if (request.withDoctor === true) wanted.push(...(await wantDoctor(caller, scope, advice)));
  advice.push(...(await adviseDualRole(caller, scope, identity, services)));
  const { kmsKeyArn: keyArn } = scope;
  const mayChange = request.changeKeyPolicy === true;
  if (keyArn !== undefined) {
    session.onStep("looking at the key");
    const { keys } = services;
    const planned = await planKeyPolicy({ keyArn, scope, caller, identity, keys, mayChange });
    advice.push(...planned.advice);
    wanted.push(...planned.wanted);
  } else if (mayChange) {
    const problems = ["--change-key-policy needs a key: --kms-key, or a bucket that encrypts with one"];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice setup" });
  }
  if (configDirectory !== undefined) wanted.push(...wantConfig(session, scope, configDirectory, advice));
  for (const text of findFirstUse([scope.model ?? []].flat().map(({ baseId }) => baseId))) advice.push({ text });
  const parts = await planParts(wanted, services);
  return { identity, scope, callerArn: caller.arn, parts, advice };
}

/** A bucket that encrypts with a key of its own: then jobs use that key too, and need the right to it. */
async function takeBucketKey(scope: AccessScope, { buckets }: PartServices, advice: Advice[]): Promise<AccessScope> {
  if (scope.kmsKeyArn !== undefined) return scope;
  const found = (await buckets.find(scope.bucket, "encryption")) as BucketEncryption | undefined;
  const kmsKeyArn = found?.kmsKey;
  if (kmsKeyArn === undefined || !kmsKeyArn.includes(":key/")) return scope;
  advice.push({
    text: `The bucket ${scope.bucket} encrypts with ${kmsKeyArn} already: role and caller get the right to it.`,
  });
  return { ...scope, kmsKeyArn };
}

async function wantBucket(scope: AccessScope, { expireDays }: SetupRequest): Promise<WantedPart[]> {
  const { bucket, region, prefix, kmsKeyArn } = scope;
  const days = prefix === "" ? "" : `files under ${prefix} go after ${expireDays} days, `;
  return [
    { key: { kind: "bucket", bucket, region }, about: `in ${region}`, want: () => ({ bucket, region }) },
    { key: { kind: "public-access-block", bucket }, about: "nothing is public", want: () => privateBucket },
    {
      key: { kind: "encryption", bucket },
      about: kmsKeyArn === undefined ? "encrypted, with S3's own keys" : `encrypted, with ${kmsKeyArn}`,
      want: (current) => wantEncryption(current, kmsKeyArn),
    },
    {
      key: { kind: "bucket-policy", bucket },
      about: "no connection without TLS",
      want: (current) => wantBucketPolicy(current, scope),
    },
    {
      key: { kind: "lifecycle", bucket },
      about: `${days}unfinished uploads after 7`,
      want: (current) => wantLifecycle(current, prefix, expireDays),
    },
  ];
}

/** Names of policies that are this bucket's and prefix's: a role or user may serve several. */
function namePolicy({ bucket, prefix }: AccessScope): string {
  const tail = prefix === "halfprice/" ? "" : `-${prefix.replace(/\/$/, "").replace(/[^\w+=,.@-]/g, "-")}`;
  return `${bucket.startsWith("halfprice") ? "" : "halfprice-"}${bucket}${tail}`.slice(0, 128);
}

async function wantRole(scope: AccessScope): Promise<WantedPart[]> {
  const roleName = roleNameOf(scope.roleArn);
  const { region, bucket, prefix } = scope;
  return [
    {
      key: { kind: "role", roleName },
      about: `Bedrock may assume it for this account's jobs in ${region}`,
      want: () => makeTrustPolicy(scope),
    },
    {
      key: { kind: "inline-policy", owner: { kind: "role", name: roleName }, policyName: namePolicy(scope) },
      about: `may read and write s3://${bucket}/${prefix}, and invoke ${nameModels(scope)}`,
      want: (current) => (scope.model === undefined ? keepModels : addModels)(makeRolePolicy(scope), current),
    },
  ];
}

function nameModels({ model }: AccessScope): string {
  if (model === undefined) return "any model (narrower with --model)";
  return [model]
    .flat()
    .map(({ invokeId }) => invokeId)
    .join(", ");
}

/** The policy of who runs halfprice, where it can be written and is needed. */
async function wantCaller(
  caller: KnownCaller,
  scope: AccessScope,
  { iam }: PartServices,
  advice: Advice[],
): Promise<WantedPart[]> {
  const made = makeCallerPolicy(scope);
  const can = `${caller.arn} may do all that a run needs already, as far as IAM's simulator sees.`;
  if (caller.owner === undefined) {
    const isRoot = caller.arn.endsWith(":root");
    const isEnough = !isRoot && (await findMissingRights(caller.arn, made, iam))?.length === 0;
    if (isEnough) advice.push({ text: can });
    else advice.push({ text: caller.why ?? "", ...(isRoot ? {} : { document: made, isNeeded: true }) });
    return [];
  }
  const policyName = namePolicy(scope);
  const { owner } = caller;
  const there = await iam.findPolicy(owner, policyName);
  const before: unknown = there === undefined ? undefined : JSON.parse(there);
  const policy = (scope.model === undefined ? keepModels : addModels)(made, before);
  if (there === undefined && (await findMissingRights(caller.arn, policy, iam))?.length === 0) {
    advice.push({ text: can });
    return [];
  }
  const others = owner.kind === "user" ? await iam.measurePolicies(owner, policyName) : 0;
  const fitting = fitPolicy(policy, owner.kind, others);
  if (fitting === undefined) {
    const beside = others === 0 ? "" : `, ${others.toLocaleString("en-US")} of which its others have`;
    advice.push({
      text: `The policy of ${caller.arn} is longer than the 2,048 characters that a user's inline policies may have together${beside}: attach it as a managed policy.`,
      document: policy,
      isNeeded: true,
    });
    return [];
  }
  const about = `may pass the role to Bedrock, run jobs, and move files under s3://${scope.bucket}/${scope.prefix}`;
  return [{ key: { kind: "inline-policy", owner, policyName }, about, want: () => fitting }];
}

/** What doctor reads, for a caller that is to see for itself why something does not work. */
async function wantDoctor(caller: KnownCaller, scope: AccessScope, advice: Advice[]): Promise<WantedPart[]> {
  const policy = makeDoctorPolicy(scope, caller.arn);
  // A user's inline policies are too short for it beside that of the runs.
  if (caller.owner?.kind !== "role") {
    advice.push({ text: `What doctor reads: attach this to ${caller.arn} as a managed policy.`, document: policy });
    return [];
  }
  const key = {
    kind: "inline-policy",
    owner: caller.owner,
    policyName: `${namePolicy(scope).slice(0, 121)}-doctor`,
  } as const;
  const about = "may read what halfprice doctor looks at: settings, policies, quotas";
  return [{ key, about, want: (current) => (scope.model === undefined ? keepModels : addModels)(policy, current) }];
}

/** Bucket, role and region, for every later command here. */
function wantConfig(session: Session, scope: AccessScope, directory: string, advice: Advice[]): WantedPart[] {
  const { config } = session;
  const settings = {
    region: scope.region,
    bucket: scope.bucket,
    prefix: scope.prefix,
    role: scope.roleArn,
    ...defined({ kmsKey: scope.kmsKeyArn }),
    ...(scope.vpc === undefined
      ? {}
      : { vpcSubnets: scope.vpc.subnetIds, vpcSecurityGroups: scope.vpc.securityGroupIds }),
    ...defined({ profile: config.profile, endpointUrl: config.endpointUrl }),
  };
  if (existsSync(join(directory, "halfprice.config.ts"))) {
    advice.push({ text: "halfprice.config.ts is yours; it needs these settings:", document: settings });
    return [];
  }
  const key = { kind: "file", path: join(directory, "halfprice.config.json") } as const;
  const want = (current: unknown): unknown => ({ ...(current as object | undefined), ...settings });
  return [{ key, about: "bucket, role and region, for every command in this folder", want }];
}
