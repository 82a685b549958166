import type { Identity } from "../../aws/sts.ts";
import { checkAccount } from "../../doctor/check-account.ts";
import { checkLimits } from "../../doctor/check-limits.ts";
import type { CheckResult } from "../../doctor/checks/check.ts";
import type { Plan } from "../../foundation/types/index.ts";
import type { Session } from "../../workspace/session.ts";

/** How the checks before a start go on after a failure. */
export interface PlaceCheckOptions {
  /** Is told each failure that was gone past; without it the first one stops. */
  readonly onPassedBy?: (result: CheckResult) => void;
}

/**
 * Looks at bucket, model, rights and role before anything is uploaded, as `doctor` does; stops at the first that a job would
 * fail for. @throws NO_BUCKET, what a check of the account fails with
 */
export async function checkPlace(
  session: Session,
  identity: Identity,
  plan?: Plan,
  { onPassedBy }: PlaceCheckOptions = {},
): Promise<readonly CheckResult[]> {
  const { config } = session;
  const { bucket, roleArn, prefix, kmsKey } = config;
  session.onStep("checking bucket, role and rights");
  const place = {
    prefix,
    ...(bucket === undefined ? {} : { bucket }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(kmsKey === undefined ? {} : { kmsKey }),
  };
  const results: CheckResult[] = [];
  for await (const result of checkAccount({ session, identity, place, model: plan?.model, isWhole: false })) {
    if (result.error !== undefined) {
      // Without a bucket and a role there is nothing to start.
      if (onPassedBy === undefined || result.error.code === "NO_BUCKET") throw result.error;
      onPassedBy(result);
    }
    results.push(result);
  }
  if (plan !== undefined && plan.limits.maxJobsInFlight === 0) {
    for await (const result of checkLimits(session, identity.region, plan.model, 0))
      if (result.error !== undefined) throw result.error;
  }
  return results;
}
