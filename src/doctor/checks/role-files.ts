import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type Asker, askRights, type NeededRight } from "./ask-rights.ts";
import type { CheckResult } from "./check.ts";
import { toRightsResult } from "./rights-result.ts";
import { bucketArn, type JobScope, sampleKey } from "./scope.ts";

/** May the service role list, read and write where a run's files are? @throws UNREACHABLE, CREDENTIALS_REFUSED */
export async function checkRoleFiles(asker: Asker, scope: JobScope): Promise<CheckResult> {
  const { prefix, roleArn, accountId } = scope;
  const bucket = bucketArn(scope);
  const everything = `${bucket}/${prefix}*`;
  const inAccount = { StringEquals: { "aws:ResourceAccount": accountId } };
  const listed = sampleKey(scope, "input");
  const rights: readonly NeededRight[] = [
    {
      action: "s3:ListBucket",
      resource: bucket,
      keys: { "s3:prefix": listed },
      condition: { ...inAccount, StringLike: { "s3:prefix": `${prefix}*` } },
    },
    { action: "s3:GetObject", resource: `${bucket}/${listed}`, grantOn: everything, condition: inAccount },
    {
      action: "s3:PutObject",
      resource: `${bucket}/${sampleKey(scope, "output")}.out`,
      grantOn: everything,
      condition: inAccount,
    },
  ];
  return toRightsResult({
    subject: "files for the role",
    sid: "HalfpriceFiles",
    principalArn: roleArn,
    policyName: "halfprice-files",
    problems: await askRights(asker, rights),
    fine: `the role may list, read and write below s3://${scope.bucket}/${prefix}`,
    toError: (problems, fix) => new HalfpriceError("ROLE_RIGHTS", { roleArn, problems, fix }),
  });
}
