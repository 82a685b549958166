import { makeKeyStatements } from "../../access/policies.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, type StatementText, skip, warn } from "./check.ts";
import { judgeKeyPolicy, type KeyScope, type KeyVerdict } from "./judge-key-policy.ts";
import type { UsedKey } from "./key.ts";
import { type PolicyStatement, parsePolicyDocument } from "./policy-document.ts";

/** What is known of the policy of a key. */
export interface KeyPolicyView {
  readonly result: CheckResult;
  /** Undefined where the policy was not seen. */
  readonly verdicts?: readonly KeyVerdict[];
}

/** The statements that a key's policy lacks: of the caller, of the role, or of both. */
export function makeMissingStatements(scope: KeyScope, verdicts: readonly KeyVerdict[]): readonly StatementText[] {
  const { callerArn, callerSource = callerArn } = scope;
  const missing = verdicts.filter(({ kind }) => kind === "missing").map(({ who }) => who);
  const isLacked = { HalfpriceJobs: missing.includes("role"), HalfpriceFiles: missing.includes("caller") };
  return pasteKeyStatements(scope, callerSource).filter(({ Sid }) => isLacked[Sid as keyof typeof isLacked]);
}

const pasteKeyStatements = (scope: KeyScope, caller: string): readonly StatementText[] =>
  makeKeyStatements(scope, caller).map((statement) => ({ ...statement }));

/**
 * Does the key's own policy let caller and service role use it? The simulator does not see it.
 * @param text JSON; undefined where this caller may not read it
 */
export function checkKeyPolicy(text: string | undefined, used: UsedKey, scope: KeyScope): KeyPolicyView {
  const { arn, accountId: owner } = used;
  const { region, accountId, callerArn, callerSource = callerArn } = scope;
  const subject = `policy of ${used.whose}`;
  if (owner !== accountId) {
    const statements = pasteKeyStatements(scope, callerSource);
    const finding = `not looked at: the key is account ${owner}'s, and KMS shows its policy there only. It has to name caller and role, or this account's root`;
    return { result: skip(subject, finding, { paste: { into: `the policy of the key ${arn}`, statements } }) };
  }
  if (text === undefined)
    return { result: skip(subject, `not looked at: this caller has no kms:GetKeyPolicy on ${arn}`) };
  let policy: readonly PolicyStatement[];
  try {
    policy = parsePolicyDocument(text);
  } catch {
    return { result: skip(subject, "not looked at: it is not JSON") };
  }
  const verdicts = judgeKeyPolicy(policy, scope, arn);
  return { verdicts, result: toResult(subject, verdicts, { arn, region, scope }) };
}

function toResult(
  subject: string,
  verdicts: readonly KeyVerdict[],
  { arn, region, scope }: { readonly arn: string; readonly region: string; readonly scope: KeyScope },
): CheckResult {
  const refused = verdicts.filter(({ kind }) => kind === "denied" || kind === "missing");
  const get = `aws kms get-key-policy --key-id ${arn} --policy-name default --region ${region} --query Policy --output text > key-policy.json`;
  const put = `aws kms put-key-policy --key-id ${arn} --policy-name default --region ${region} --policy file://key-policy.json`;
  if (refused.length > 0) {
    const statements = makeMissingStatements(scope, verdicts);
    const denying = refused.filter(({ kind }) => kind === "denied");
    const names = [...new Set(denying.map(({ because }) => because.replace(/ denies .*$/, "")))].join(", ");
    const steps = [
      ...(statements.length === 0
        ? []
        : [
            `add the statement${statements.length > 1 ? "s" : ""} below to the key's policy: halfprice doctor --fix does it`,
          ]),
      ...(denying.length === 0 ? [] : [`take the principal or the action out of ${names}: no Allow outweighs a Deny`]),
    ];
    const fix = `${steps.join("; ")}. By hand: ${get}; change it; ${put}`;
    const problems = refused.map(({ because }) => because);
    return fail(subject, new HalfpriceError("KEY_POLICY", { key: arn, problems, fix }), {
      isLikely: true,
      ...(statements.length === 0
        ? {}
        : {
            paste: { into: `the policy of the key ${arn}`, statements },
            repair: { kind: "key-policy" as const, keyArn: arn, statements },
          }),
    });
  }
  const unsure = verdicts.find(({ kind }) => kind === "unsure");
  if (unsure !== undefined)
    return warn(subject, unsure.because, { isLikely: true, fix: `look whether S3's calls satisfy it: ${get}` });
  return pass(subject, sayVerdicts(verdicts), { isLikely: true });
}

/** `names the caller, leaves the role to IAM`. */
export function sayVerdicts(verdicts: readonly KeyVerdict[]): string {
  const isNamed = (who: KeyVerdict["who"]): boolean =>
    verdicts.filter((each) => each.who === who).every(({ kind }) => kind === "named");
  const [caller, role] = [isNamed("caller"), isNamed("role")];
  if (caller === role)
    return caller
      ? "lets caller and role use the key by name"
      : "leaves caller and role to IAM, through the account's root";
  return caller
    ? "lets the caller use the key by name, and leaves the role to IAM"
    : "lets the role use the key by name, and leaves the caller to IAM";
}
