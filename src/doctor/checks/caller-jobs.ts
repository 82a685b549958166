import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type Asker, askRights, type NeededRight } from "./ask-rights.ts";
import { type CheckResult, skip } from "./check.ts";
import { toRightsResult } from "./rights-result.ts";
import { type JobScope, jobsArn, makeModelArn } from "./scope.ts";

/** May the caller create, tag, follow and stop jobs? @throws UNREACHABLE, CREDENTIALS_REFUSED */
export async function checkCallerJobs(asker: Asker | undefined, scope: JobScope): Promise<CheckResult> {
  const subject = "jobs for the caller";
  const { callerArn, model } = scope;
  if (asker === undefined) return skip(subject, `not simulated for ${callerArn}`);
  const jobs = jobsArn(scope);
  const tags = { "aws:RequestTag/halfprice:run": "check", "aws:TagKeys": "halfprice:run" };
  const rights: readonly NeededRight[] = [
    { action: "bedrock:CreateModelInvocationJob", resource: jobs, keys: tags },
    ...(model === undefined
      ? []
      : [{ action: "bedrock:CreateModelInvocationJob", resource: makeModelArn(model, scope), keys: tags }]),
    { action: "bedrock:TagResource", resource: jobs, keys: tags },
    { action: "bedrock:GetModelInvocationJob", resource: jobs },
    { action: "bedrock:StopModelInvocationJob", resource: jobs },
    { action: "bedrock:ListModelInvocationJobs", resource: "*" },
  ];
  return toRightsResult({
    subject,
    sid: "RunJobs",
    principalArn: asker.principalArn,
    policyName: "halfprice-jobs",
    problems: await askRights(asker, rights),
    fine: "the caller may create, tag, follow and stop jobs",
    toError: (problems, fix) => new HalfpriceError("CALLER_RIGHTS", { caller: callerArn, problems, fix }),
  });
}
