import type { BucketReader } from "../../aws/bucket-reading.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { type Asker, askRights, type NeededRight, type RightProblem } from "./ask-rights.ts";
import { type CheckResult, pass, skip } from "./check.ts";
import { toRightsResult } from "./rights-result.ts";
import { bucketArn, type JobScope, sampleKey } from "./scope.ts";

/**
 * May the caller upload the input and fetch the output? Listing and reading are tried, which leaves no trace; writing is
 * asked of the simulator. @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkCallerFiles(
  asker: Asker | undefined,
  scope: JobScope,
  reader: BucketReader,
): Promise<CheckResult> {
  const subject = "files for the caller";
  const { callerArn, prefix } = scope;
  const bucket = bucketArn(scope);
  const everything = `${bucket}/${prefix}*`;
  const key = sampleKey(scope, "output");
  const list: NeededRight = { action: "s3:ListBucket", resource: bucket, keys: { "s3:prefix": `${prefix}runs/` } };
  const read: NeededRight = { action: "s3:GetObject", resource: `${bucket}/${key}`, grantOn: everything };
  const write: NeededRight = {
    action: "s3:PutObject",
    resource: `${bucket}/${sampleKey(scope, "input")}`,
    grantOn: everything,
  };
  if (asker !== undefined) {
    const problems = await askRights(asker, [list, read, write]);
    if (problems !== undefined) {
      return toRightsResult({
        subject,
        sid: "MoveTheFiles",
        principalArn: asker.principalArn,
        policyName: "halfprice-files",
        problems,
        fine: `the caller may list, read and write below s3://${scope.bucket}/${prefix}`,
        toError: (lines, fix) => new HalfpriceError("CALLER_RIGHTS", { caller: callerArn, problems: lines, fix }),
      });
    }
  }
  const tried: RightProblem[] = [];
  if (!(await isDone(() => reader.tryList(`${prefix}runs/`))))
    tried.push({ right: list, kind: "missing", because: "it was tried and refused" });
  else if (!(await isDone(() => reader.tryRead(key))))
    tried.push({ right: read, kind: "missing", because: "it was tried and refused" });
  if (tried.length === 0)
    return asker === undefined
      ? pass(subject, "listing and reading were tried and work")
      : skip(
          subject,
          "listing and reading were tried and work; writing was not asked, as this caller may not use iam:SimulatePrincipalPolicy",
        );
  return toRightsResult({
    subject,
    sid: "MoveTheFiles",
    principalArn: asker?.principalArn ?? callerArn,
    policyName: "halfprice-files",
    problems: tried,
    fine: "",
    toError: (lines, fix) => new HalfpriceError("CALLER_RIGHTS", { caller: callerArn, problems: lines, fix }),
  });
}

async function isDone(call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return false;
    throw error;
  }
}
