import { makeTrustPolicy } from "../../access/policies.ts";
import type { IamReader, RoleFacts } from "../../aws/iam-reading.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, type StatementText, skip, warn } from "./check.ts";
import type { JobScope } from "./scope.ts";
import { findTrustProblem } from "./trust-policy.ts";

interface RoleQuestion {
  readonly iam: IamReader;
  readonly scope: Omit<JobScope, "model">;
  readonly nowMs: number;
}

/** A role is known everywhere a minute or two after it was made. @see sources#new-roles, collected 2026-11-21 */
const settlingMs = 2 * 60_000;

/**
 * Is the role this account's, does it exist, and does its trust policy admit Bedrock?
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkRole({ iam, scope, nowMs }: RoleQuestion): Promise<CheckResult> {
  const { roleArn, accountId, region } = scope;
  const subject = `role ${roleArn}`;
  const roleAccount = roleArn.split(":")[4] ?? "";
  if (roleAccount !== accountId) return fail(subject, new HalfpriceError("ROLE_ACCOUNT", { roleArn, accountId }));
  let role: RoleFacts;
  try {
    role = await iam.readRole(roleArn.split("/").at(-1) ?? "");
  } catch (error) {
    if (isRefusal(error, "NoSuchEntityException", "NoSuchEntity")) {
      return fail(subject, new HalfpriceError("ROLE_NOT_FOUND", { roleArn }, { cause: error }));
    }
    if (isRefusal(error, "AccessDenied", "AccessDeniedException")) {
      return skip(subject, "not looked at: this caller has no iam:GetRole on it");
    }
    throw error;
  }
  // The name alone finds it; a job asks for the whole ARN, path included.
  if (role.arn !== "" && role.arn !== roleArn) {
    return fail(subject, new HalfpriceError("ROLE_PATH", { roleArn, foundArn: role.arn }));
  }
  const problem = findTrustProblem(role.trustPolicy, accountId, region);
  if (problem !== undefined) return refuseTrust(role, problem, scope);
  if (role.createdAtMs !== undefined && nowMs - role.createdAtMs < settlingMs) {
    return warn(
      subject,
      "Bedrock may assume it, but it was made less than two minutes ago: a job may be refused until it is known everywhere",
      {
        fix: "wait two minutes where a job says that it could not assume the role",
      },
    );
  }
  return pass(subject, "there, and Bedrock may assume it");
}

function refuseTrust(role: RoleFacts, problem: string, scope: RoleQuestion["scope"]): CheckResult {
  const { roleArn } = scope;
  const [statement] = makeTrustPolicy(scope).Statement as unknown as readonly StatementText[];
  const error = new HalfpriceError("ROLE_TRUST", { roleArn, problem });
  const subject = `role ${roleArn}`;
  if (statement === undefined || problem.endsWith(" denies it")) return fail(subject, error);
  return fail(subject, error, {
    paste: { into: `the trust policy of ${roleArn}`, statements: [statement] },
    repair: { kind: "trust", roleName: role.name, policy: addStatement(role.trustPolicy, statement) },
  });
}

/** What is there stays; a statement of the same Sid is replaced, since a policy may have each once. */
function addStatement(document: string, statement: StatementText): StatementText {
  let before: readonly StatementText[] = [];
  try {
    before = [
      (JSON.parse(document) as { Statement?: StatementText | readonly StatementText[] }).Statement ?? [],
    ].flat();
  } catch {
    // What is no JSON cannot be kept; IAM would not have taken it.
  }
  const kept = before.filter((each) => each["Sid"] !== statement["Sid"]);
  return { Version: "2012-10-17", Statement: [...kept, statement] };
}
