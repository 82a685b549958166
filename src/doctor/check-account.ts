import { explainMissingPlace } from "../access/explain-place.ts";
import {
  type BucketEncryption,
  type BucketReader,
  type BucketSetting,
  openBucketReader,
} from "../aws/bucket-reading.ts";
import { type IamReader, openIamReader } from "../aws/iam-reading.ts";
import { type ModelReader, openModelReader } from "../aws/model-reading.ts";
import { type ObjectStorage, openObjectStorage } from "../aws/s3.ts";
import type { Identity } from "../aws/sts.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import type { RunPlace } from "../workspace/run-file.ts";
import type { Session } from "../workspace/session.ts";
import type { Asker } from "./checks/ask-rights.ts";
import { checkBucket } from "./checks/bucket.ts";
import { checkBucketPolicy, readStatements } from "./checks/bucket-policy.ts";
import {
  checkBucketAge,
  checkBucketClosed,
  checkBucketEncryption,
  checkBucketRetention,
} from "./checks/bucket-settings.ts";
import { checkCallerFiles } from "./checks/caller-files.ts";
import { checkCallerJobs } from "./checks/caller-jobs.ts";
import { type CheckResult, fail } from "./checks/check.ts";
import type { KeyVerdict } from "./checks/judge-key-policy.ts";
import { checkKey, type UsedKey } from "./checks/key.ts";
import { checkKeyPolicy } from "./checks/key-policy.ts";
import { checkKeyRights } from "./checks/key-rights.ts";
import { checkModelAccess, checkModelId } from "./checks/model-access.ts";
import { checkPassRole, readPolicySource } from "./checks/pass-role.ts";
import { checkPrefix } from "./checks/prefix.ts";
import { checkRole } from "./checks/role.ts";
import { checkRoleFiles } from "./checks/role-files.ts";
import { checkRoleModel } from "./checks/role-model.ts";
import type { JobScope } from "./checks/scope.ts";
import { openLazyKeys } from "./lazy-keys.ts";

/** A check's result under its name, which does not change. */
export interface NamedResult extends CheckResult {
  /** `role-trust`. */
  readonly check: string;
}

/** What is looked at of an account: who is calling, where files go, and which model is meant. */
export interface AccountQuestion {
  readonly session: Session;
  readonly identity: Identity;
  readonly place: Partial<RunPlace>;
  readonly model: ModelChoice | undefined;
  /** Whether advice is wanted too, which no job fails for. */
  readonly isWhole: boolean;
}

/**
 * Looks at the account, what decides most first: bucket, the caller's rights, the model, the service role. Reads only, and
 * leaves no trace but in CloudTrail. What this caller may not see is skipped and said so.
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function* checkAccount(question: AccountQuestion): AsyncGenerator<NamedResult> {
  const { session, identity, place, model } = question;
  // Another region than the session's, where a run was started in one.
  const connection = { ...session.connection, region: identity.region };
  const opened = {
    storage: openObjectStorage(connection),
    iam: openIamReader(connection),
    models: openModelReader(connection),
  };
  try {
    if (model !== undefined) yield* checkModel(opened.models, model, identity.region);
    const { bucket, roleArn, prefix = session.config.prefix } = place;
    if (bucket === undefined || roleArn === undefined) {
      const policies = explainMissingPlace({ bucket, roleArn });
      yield { check: "place", ...fail("bucket and role", new HalfpriceError("NO_BUCKET", { policies })) };
      return;
    }
    if (question.isWhole) {
      yield { check: "prefix", ...checkPrefix(bucket, prefix) };
    }
    yield* checkPlaceOf(question, { ...place, bucket, roleArn, prefix }, opened);
  } finally {
    opened.storage.close();
    opened.iam.close();
    opened.models.close();
  }
}

async function* checkModel(models: ModelReader, model: ModelChoice, region: string): AsyncGenerator<NamedResult> {
  const found = await checkModelId({ models, model, region });
  yield { check: "model", ...found };
  if (found.status !== "fail") yield { check: "model-access", ...(await checkModelAccess({ models, model, region })) };
}

interface Opened {
  readonly storage: ObjectStorage;
  readonly iam: IamReader;
  readonly models: ModelReader;
}

async function* checkPlaceOf(
  { session, identity, model, isWhole }: AccountQuestion,
  { bucket, roleArn, prefix, kmsKey }: RunPlace,
  { storage, iam, models }: Opened,
): AsyncGenerator<NamedResult> {
  const { accountId, region, arn: callerArn } = identity;
  const nowMs = session.nowMs();
  const callerSource = await readPolicySource(callerArn, iam);
  const scope: JobScope = { accountId, region, callerArn, callerSource, bucket, prefix, roleArn, model };
  const bucketResult = await checkBucket({ storage, bucket, region, accountId, callerArn });
  yield { check: "bucket", ...bucketResult };
  const reader = openBucketReader({ ...session.connection, region }, bucket, accountId);
  try {
    const settings = await readSettings(reader, bucketResult.status === "pass");
    const base = { iam, accountId, region, bucketPolicy: settings.statements };
    const caller: Asker | undefined = callerSource === undefined ? undefined : { ...base, principalArn: callerSource };
    yield { check: "pass-role", ...(await checkPassRole(caller, scope)) };
    yield { check: "caller-jobs", ...(await checkCallerJobs(caller, scope)) };
    if (bucketResult.status === "pass") {
      yield { check: "bucket-policy", ...checkBucketPolicy(settings.statements, scope) };
      yield { check: "caller-files", ...(await checkCallerFiles(caller, scope, reader)) };
    }
    const key = await lookAtKey({ session, identity }, scope, kmsKey, settings.encryption);
    yield* key.results;
    if (caller !== undefined && key.used !== undefined)
      yield { check: "caller-key", ...(await checkKeyRights(caller, scope, key.used, key.verdicts, "caller")) };
    const roleResult = await checkRole({ iam, scope, nowMs });
    yield { check: "role-trust", ...roleResult };
    // Of a role that is not there, nothing can be asked.
    if (!/^ROLE_(ACCOUNT|NOT_FOUND|PATH)$/.test(roleResult.error?.code ?? "")) {
      const role: Asker = { ...base, principalArn: roleArn };
      yield { check: "role-model", ...(await checkRoleModel(role, scope, models)) };
      if (bucketResult.error?.code !== "BUCKET_NOT_FOUND")
        yield { check: "role-files", ...(await checkRoleFiles(role, scope)) };
      if (key.used !== undefined)
        yield { check: "role-key", ...(await checkKeyRights(role, scope, key.used, key.verdicts, "role")) };
    }
    if (isWhole && bucketResult.status === "pass") yield* adviseOnBucket(scope, settings.encryption, reader, nowMs);
  } finally {
    reader.close();
  }
}

interface KeyLook {
  readonly results: readonly NamedResult[];
  /** Undefined where none needs a right, or none is known. */
  readonly used?: UsedKey;
  readonly verdicts?: readonly KeyVerdict[];
}

/** The key of the run or of its bucket, and its policy, as far as they can be seen. */
async function lookAtKey(
  { session, identity }: Pick<AccountQuestion, "session" | "identity">,
  scope: JobScope,
  kmsKey: string | undefined,
  encryption: BucketSetting<BucketEncryption>,
): Promise<KeyLook> {
  const { accountId, region, isLocal } = identity;
  const keys = openLazyKeys({ ...session.connection, region });
  try {
    const question = { kmsKey, encryption, bucket: scope.bucket, region, accountId, isLocal, keys };
    const { result, used } = await checkKey(question);
    const results: NamedResult[] = [{ check: "key", ...result }];
    if (used === undefined) return { results };
    const policy = used.accountId === accountId ? await keys.readPolicy(used.arn) : undefined;
    const view = checkKeyPolicy(policy, used, scope);
    results.push({ check: "key-policy", ...view.result });
    return { results, used, ...defined({ verdicts: view.verdicts }) };
  } finally {
    keys.close();
  }
}

async function readSettings(reader: BucketReader, isThere: boolean) {
  const nothing = { statements: undefined, encryption: "denied" as BucketSetting<BucketEncryption> };
  if (!isThere) return nothing;
  const [policy, encryption] = await Promise.all([reader.readPolicy(), reader.readEncryption()]);
  return { statements: readStatements(policy), encryption };
}

async function* adviseOnBucket(
  scope: JobScope,
  encryption: BucketSetting<BucketEncryption>,
  reader: BucketReader,
  nowMs: number,
): AsyncGenerator<NamedResult> {
  yield { check: "bucket-encryption", ...checkBucketEncryption(scope, encryption) };
  yield { check: "bucket-public", ...(await checkBucketClosed(scope, reader)) };
  yield { check: "bucket-retention", ...(await checkBucketRetention(scope, reader)) };
  yield { check: "bucket-age", ...(await checkBucketAge(scope, reader, nowMs)) };
}
