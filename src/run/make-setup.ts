import type { Policy } from "../access/policies.ts";
import { HalfpriceError } from "../errors.ts";
import { findReading } from "./model-readings.ts";
import { identify, type Session, toOrigin } from "./session.ts";

/** What has to be there before a job can run, for this account. */
export interface Setup {
  readonly accountId: string;
  readonly region: string;
  readonly callerArn: string;
  readonly bucket: string;
  readonly roleArn: string;
  readonly policies: Readonly<Record<"trust" | "role" | "bucket" | "caller", Policy>>;
}

/**
 * Writes the policies of bucket, role and caller for this account. Nothing is made.
 * @param model for a policy of one model only; every model where it is left out
 */
export async function makeSetup(session: Session, model: string | undefined): Promise<Setup> {
  const identity = await identify(session);
  const { accountId, region, arn: callerArn } = identity;
  const [{ makePolicies }, { placeholderBucket, placeholderRole }, { resolveModel }] = await Promise.all([
    import("../access/policies.ts"),
    import("../access/explain-place.ts"),
    import("../models/resolve-model.ts"),
  ]);
  const { prefix, roleArn = `arn:aws:iam::${accountId}:role/${placeholderRole}` } = session.config;
  if (roleArn.split(":")[4] !== accountId) throw new HalfpriceError("ROLE_ACCOUNT", { roleArn, accountId });
  const bucket = session.config.bucket ?? placeholderBucket;
  // As the plan resolves it: another profile needs another policy.
  const reading = findReading(session.config.workspace, toOrigin(identity));
  const choice = model === undefined ? {} : { model: resolveModel({ model, region, nowMs: session.nowMs(), reading }) };
  return {
    accountId,
    region,
    callerArn,
    bucket,
    roleArn,
    policies: makePolicies({ accountId, region, bucket, prefix, roleArn, ...choice }),
  };
}
