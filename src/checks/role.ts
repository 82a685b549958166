import type { RoleService } from "../aws/iam.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import { HalfpriceError } from "../errors.ts";
import { type CheckResult, fail, pass, skip } from "./check.ts";
import { findTrustProblem } from "./trust-policy.ts";

interface RoleQuestion {
  readonly roles: RoleService;
  readonly roleArn: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Is the role this account's, does it exist, and does its trust policy admit Bedrock?
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkRole({ roles, roleArn, region, accountId }: RoleQuestion): Promise<CheckResult> {
  const subject = `role ${roleArn}`;
  const roleAccount = roleArn.split(":")[4] ?? "";
  if (roleAccount !== accountId) return fail(subject, new HalfpriceError("ROLE_ACCOUNT", { roleArn, accountId }));
  let trust: string;
  try {
    trust = await roles.readTrustPolicy(roleArn.split("/").at(-1) ?? "");
  } catch (error) {
    if (isRefusal(error, "NoSuchEntityException", "NoSuchEntity")) {
      return fail(subject, new HalfpriceError("ROLE_NOT_FOUND", { roleArn }, { cause: error }));
    }
    if (isRefusal(error, "AccessDenied", "AccessDeniedException")) {
      return skip(subject, "not looked at: this caller has no iam:GetRole on it");
    }
    throw error;
  }
  const problem = findTrustProblem(trust, accountId, region);
  if (problem !== undefined) return fail(subject, new HalfpriceError("ROLE_TRUST", { roleArn, problem }));
  return pass(subject, "there, and Bedrock may assume it");
}
