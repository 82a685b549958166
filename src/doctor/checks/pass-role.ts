import type { IamReader, PolicyText } from "../../aws/iam-reading.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { type Asker, askRights } from "./ask-rights.ts";
import { type CheckResult, skip, warn } from "./check.ts";
import { matchesPattern, parsePolicyDocument } from "./policy-document.ts";
import { toRightsResult } from "./rights-result.ts";
import type { JobScope } from "./scope.ts";

/** The IAM identity behind an STS session: `assumed-role/Name/session` is the role `Name`. */
function findPolicySource(callerArn: string): string | undefined {
  const session = /^arn:(aws[^:]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  if (session !== null) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  return /:(user|role)\//.test(callerArn) ? callerArn : undefined;
}

/**
 * The same with the role's path, which the session does not have: SageMaker's roles are `service-role/…`, and the simulator
 * knows no role without its path. Where IAM does not tell, the path is taken to be none.
 */
export async function readPolicySource(callerArn: string, iam: IamReader): Promise<string | undefined> {
  const source = findPolicySource(callerArn);
  if (source === undefined || source === callerArn) return source;
  try {
    return (await iam.readRole(source.slice(source.lastIndexOf("/") + 1))).arn;
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return source;
    throw error;
  }
}

const bedrock = "bedrock.amazonaws.com";

/**
 * May the caller pass the role to Bedrock? The simulator answers for the caller's own policies only, so a pass is likely
 * and not certain; the job's creation has the last word.
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkPassRole(asker: Asker | undefined, scope: JobScope): Promise<CheckResult> {
  const { roleArn, callerArn } = scope;
  const subject = "iam:PassRole";
  // The account's root passes any role, and the simulator does not take it.
  if (asker === undefined) return skip(subject, `not simulated for ${callerArn}`);
  const condition = { StringEquals: { "iam:PassedToService": bedrock } };
  const right = { action: "iam:PassRole", resource: roleArn, keys: { "iam:PassedToService": bedrock }, condition };
  const problems = await askRights(asker, [right]);
  const result = toRightsResult({
    subject,
    sid: "HandTheRoleToBedrock",
    principalArn: asker.principalArn,
    policyName: "halfprice-pass-role",
    problems,
    fine: "the caller's policies allow it",
    toError: (lines, fix) => new HalfpriceError("PASS_ROLE", { roleArn, caller: callerArn, problems: lines, fix }),
  });
  if (result.status !== "pass") return result;
  const wide = await findWideGrant(asker.iam, asker.principalArn, roleArn);
  if (wide === undefined) return result;
  const statement = {
    Sid: "HandTheRoleToBedrock",
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource: roleArn,
    Condition: condition,
  };
  return warn(
    subject,
    `the caller may pass it, but by the wildcard ${wide.resource} in ${wide.where}, not by the role's ARN: guardrails of many accounts refuse such a grant, and it hands over every role that it matches`,
    {
      isLikely: true,
      fix: `put ${roleArn} in place of ${wide.resource}`,
      paste: { into: `a policy of ${asker.principalArn}`, statements: [statement] },
    },
  );
}

interface WideGrant {
  readonly resource: string;
  readonly where: string;
}

/** The statement by which the role may be passed, where none names the role itself. */
async function findWideGrant(iam: IamReader, principalArn: string, roleArn: string): Promise<WideGrant | undefined> {
  let policies: readonly PolicyText[];
  try {
    policies = await iam.readPolicies(principalArn);
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return undefined;
    throw error;
  }
  // An administrator's policy is wide on purpose.
  const grants = policies.flatMap(({ id, document }) =>
    parsePolicyDocument(document)
      .filter(({ effect, isNotAction }) => effect === "Allow" && !isNotAction)
      .filter(({ actions }) =>
        actions.some((each) => each !== "*" && matchesPattern(each.toLowerCase(), "iam:passrole")),
      )
      .flatMap(({ resources }) => resources.filter((each) => matchesPattern(each, roleArn)))
      .map((resource) => ({ resource, where: `the policy ${id}` })),
  );
  if (grants.some(({ resource }) => resource === roleArn)) return undefined;
  return grants[0];
}
