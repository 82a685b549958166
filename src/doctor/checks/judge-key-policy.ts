import { findPartition } from "../../access/policy.ts";
import { fitsCondition, fitsStatement, type PolicyRequest, type PolicyStatement } from "./policy-document.ts";
import type { JobScope } from "./scope.ts";
import { nameStatement } from "./trust-policy.ts";

/** What S3 asks of a key for whom it writes and reads. */
export const keyActions = ["kms:GenerateDataKey", "kms:Decrypt"] as const;

/** Whose use of a key is judged, and of which key. */
export type KeyScope = Pick<JobScope, "accountId" | "region" | "callerArn" | "callerSource" | "roleArn">;

/** What a key's policy says of one action for one of the two who use it. */
export interface KeyVerdict {
  readonly who: "caller" | "role";
  readonly action: (typeof keyActions)[number];
  /** `left`: to IAM, through the account's root: then the user's or role's own policies decide. */
  readonly kind: "named" | "left" | "unsure" | "denied" | "missing";
  /** With the last three, a sentence: who may not do what, and why. */
  readonly because: string;
  /** Whether a statement names the user or role, or has to: in one account its own policies are not needed then. */
  readonly isEnough: boolean;
}
type Judgement = Omit<KeyVerdict, "who" | "action">;

/** Decides a key's policy for caller and service role, each through S3, with conditions as far as they are known. */
export function judgeKeyPolicy(
  statements: readonly PolicyStatement[],
  scope: KeyScope,
  keyArn: string,
): readonly KeyVerdict[] {
  const { callerArn, callerSource = callerArn, roleArn } = scope;
  const parties = [
    { who: "caller", arn: callerSource, names: [callerArn, callerSource] },
    { who: "role", arn: roleArn, names: [roleArn] },
  ] as const;
  return parties.flatMap((party) =>
    keyActions.map((action) => ({ who: party.who, action, ...judge(statements, party, action, scope, keyArn) })),
  );
}

interface Party {
  readonly who: "caller" | "role";
  readonly arn: string;
  readonly names: readonly string[];
}

function judge(
  statements: readonly PolicyStatement[],
  { who, arn, names }: Party,
  action: string,
  { accountId, region }: KeyScope,
  keyArn: string,
): Judgement {
  const root = `arn:${findPartition(region)}:iam::${accountId}:root`;
  const account = [accountId, root];
  const party = who === "role" ? `the service role ${arn}` : `the caller ${arn}`;
  const ask = (principals: readonly string[]): PolicyRequest => ({
    action,
    resource: keyArn,
    principals: { kind: "AWS", names: principals },
    keys: makeKeys(arn, accountId, region, keyArn),
  });
  const find = (effect: string, principals: readonly string[], fit: "yes" | "maybe"): PolicyStatement | undefined =>
    statements.find((each) => each.effect === effect && fitsStatement(each, ask(principals)) === fit);

  const isNamed = find("Allow", names, "yes") !== undefined;
  const denying = find("Deny", [...names, ...account], "yes");
  if (denying !== undefined)
    return {
      kind: "denied",
      because: `${nameStatement(denying)} denies ${action} to ${party}`,
      isEnough: isNamed,
    };
  const unsure = (statement: PolicyStatement, verb: string): Judgement => {
    const keys = statement.conditions.map(({ key }) => key).join(", ");
    const because = `${nameStatement(statement)} may ${verb} ${action} to ${party}: it depends on ${keys}`;
    return { kind: "unsure", because, isEnough: isNamed };
  };
  const maybeDenying = find("Deny", [...names, ...account], "maybe");
  if (maybeDenying !== undefined) return unsure(maybeDenying, "deny");
  if (isNamed) return { kind: "named", because: "", isEnough: true };
  if (find("Allow", account, "yes") !== undefined) return { kind: "left", because: "", isEnough: false };
  const maybe = find("Allow", [...names, ...account], "maybe");
  if (maybe !== undefined) return unsure(maybe, "allow");
  const near = statements.find(
    (each) =>
      each.effect === "Allow" && fitsStatement({ ...each, conditions: [] }, ask([...names, ...account])) === "yes",
  );
  const keys = makeKeys(arn, accountId, region, keyArn);
  const failing = near?.conditions.find((condition) => fitsCondition(condition, keys) === "no");
  const why =
    near === undefined || failing === undefined
      ? `no statement names it, and none leaves it to IAM through ${root}`
      : `the condition ${failing.operator} ${failing.key} of ${nameStatement(near)} wants ${failing.values.join(" or ")}`;
  return { kind: "missing", because: `${action} for ${party}: ${why}`, isEnough: true };
}

/**
 * The keys of a call that S3 makes for somebody. The encryption context is the bucket's ARN or the object's, and left out.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html, known, not read again
 */
function makeKeys(arn: string, accountId: string, region: string, keyArn: string): PolicyRequest["keys"] {
  return {
    "kms:viaservice": `s3.${region}.amazonaws.com`,
    "kms:calleraccount": accountId,
    "aws:principalarn": arn,
    "aws:principalaccount": accountId,
    "aws:resourceaccount": keyArn.split(":")[4],
    "aws:requestedregion": region,
    "aws:principalisawsservice": "false",
    "aws:viaawsservice": "true",
    "aws:securetransport": "true",
  };
}
