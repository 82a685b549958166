import { type AccessScope, findPartition } from "../access/policy.ts";
import { readModelsBehind } from "../aws/model-reading.ts";
import type { Identity } from "../aws/sts.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { resolveModel } from "../models/resolve-model.ts";
import { findReading } from "../workspace/model-readings.ts";
import { type Session, toOrigin } from "../workspace/session.ts";

/** What a person may say about what setup is to make; bucket, prefix and role are the session's. */
export interface SetupRequest {
  /** Aliases, ids or ARNs; every model where it is empty. */
  readonly models: readonly string[];
  /** Whether the global profile may be used where the region has no other. */
  readonly isGlobalAllowed?: boolean;
  /** The user or role that is to run halfprice, where it is not the one that sets up. */
  readonly caller?: string;
  /** Whether the caller is to read what `doctor` reads. */
  readonly withDoctor?: boolean;
  /** Whether the policy of the key may get the statements that it lacks. */
  readonly changeKeyPolicy?: boolean;
  /** The role may list below the prefix only. @defaultValue false */
  readonly isPrefixStrict?: boolean;
  /** Days after which files of runs are removed from the bucket: longer than the longest job. */
  readonly expireDays: number;
}

/** A bucket's name is the whole world's; with account and region in it nobody else has it. */
export const nameBucket = ({ accountId, region }: Identity): string => `halfprice-${accountId}-${region}`;
/** A role is of the whole account, and its trust policy of one region's jobs. */
export const nameRole = ({ region }: Identity): string => `HalfpriceBatchRole-${region}`;

/** What the policies are written for, with the names that setup would choose where none is given. @throws ROLE_ACCOUNT, GLOBAL_ONLY */
export async function makeScope(
  session: Session,
  identity: Identity,
  {
    models,
    isGlobalAllowed = false,
    isPrefixStrict = false,
  }: Pick<SetupRequest, "models" | "isGlobalAllowed" | "isPrefixStrict">,
): Promise<AccessScope> {
  const { config } = session;
  const { accountId, region } = identity;
  const roleArn = config.roleArn ?? `arn:${findPartition(region)}:iam::${accountId}:role/${nameRole(identity)}`;
  if (roleArn.split(":")[4] !== accountId) throw new HalfpriceError("ROLE_ACCOUNT", { roleArn, accountId });
  // As the plan resolves them: another profile needs another policy.
  const reading = findReading(config.workspace, toOrigin(identity));
  const chosen = await Promise.all(
    models.map(async (model) => {
      const behind = await readModelsBehind({ ...session.connection, region }, model);
      return resolveModel({ model, region, nowMs: session.nowMs(), reading, isGlobalAllowed, behind });
    }),
  );
  return {
    accountId,
    region,
    bucket: config.bucket ?? nameBucket(identity),
    prefix: config.prefix,
    roleArn,
    ...(config.shared === undefined
      ? {}
      : { workspace: { bucket: config.shared.bucket, prefix: config.shared.prefix } }),
    ...(chosen.length === 0 ? {} : { model: chosen }),
    ...(config.kmsKey === undefined ? {} : { kmsKeyArn: toKeyArn(config.kmsKey, identity) }),
    ...defined({ vpc: config.vpc }),
    ...(isPrefixStrict ? { isPrefixStrict } : {}),
  };
}

/** Policies name keys by ARN: an alias can be turned to another key. @throws BAD_OPTIONS for an alias */
function toKeyArn(key: string, { accountId, region }: Identity): string {
  if (/(?:^|:)alias\//.test(key)) {
    const problems = [
      `--kms-key is ${JSON.stringify(key)}; policies name keys, not aliases. Its key: aws kms describe-key --key-id ${key} --query KeyMetadata.Arn`,
    ];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice setup" });
  }
  return key.startsWith("arn:") ? key : `arn:${findPartition(region)}:kms:${region}:${accountId}:key/${key}`;
}
