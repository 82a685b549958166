import type { RoleService } from "../aws/iam.ts";
import { HalfpriceError } from "../errors.ts";
import { type CheckResult, fail, pass, skip } from "./check.ts";

interface PassRoleQuestion {
  readonly roles: RoleService;
  readonly roleArn: string;
  readonly callerArn: string;
}

/** The IAM identity behind an STS session: `assumed-role/Name/session` is the role `Name`. */
export function findPolicySource(callerArn: string): string | undefined {
  const session = /^arn:(aws[^:]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  if (session !== null) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  return /:(user|role)\//.test(callerArn) ? callerArn : undefined;
}

/**
 * May the caller pass the role to Bedrock? The simulator answers for the caller's own policies only, so a pass is likely
 * and not certain; the job's creation has the last word.
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkPassRole({ roles, roleArn, callerArn }: PassRoleQuestion): Promise<CheckResult> {
  const subject = "iam:PassRole";
  const source = findPolicySource(callerArn);
  // The account's root passes any role, and the simulator does not take it.
  if (source === undefined) return skip(subject, `not simulated for ${callerArn}`);
  try {
    const decision = await roles.simulate(source, "iam:PassRole", roleArn, "bedrock.amazonaws.com");
    return decision === "allowed"
      ? pass(subject, "likely: the caller's policies allow it")
      : fail(subject, new HalfpriceError("PASS_ROLE", { roleArn, caller: callerArn }));
  } catch (error) {
    if (error instanceof HalfpriceError && error.code === "SERVICE_REFUSED") {
      return skip(subject, "not simulated: this caller has no iam:SimulatePrincipalPolicy");
    }
    throw error;
  }
}
