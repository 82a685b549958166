import type { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeStatements, type RightProblem, sayProblems } from "./ask-rights.ts";
import { type CheckResult, fail, pass, skip } from "./check.ts";

/** Whose rights are asked, for what, and how the answer is named. */
export interface RightsQuestion {
  readonly subject: string;
  /** Of statements: `HalfpriceReadsInput`. */
  readonly sid: string;
  /** The role or user that needs the rights. */
  readonly principalArn: string;
  readonly policyName: string;
  /** Undefined where the simulator could not be asked. */
  readonly problems: readonly RightProblem[] | undefined;
  readonly fine: string;
  readonly toError: (problems: readonly string[], fix: string) => HalfpriceError;
}

/** What the simulator cannot be asked for, and by which right it could. */
export const noSimulator =
  "not simulated: this caller may not use iam:SimulatePrincipalPolicy (let somebody who may run halfprice doctor, or allow it)";

/** One result of many rights: what is missing comes with the statements that give it, what is denied with who denies it. */
export function toRightsResult(question: RightsQuestion): CheckResult {
  const { subject, problems, principalArn, policyName, sid, fine, toError } = question;
  if (problems === undefined) return skip(subject, noSimulator);
  if (problems.length === 0) return pass(subject, fine, { isLikely: true });
  const missing = problems.filter(({ kind }) => kind === "missing");
  const others = problems.filter(({ kind }) => kind !== "missing");
  const statements = makeStatements(sid, missing);
  const steps = [
    ...(missing.length === 0
      ? []
      : [`add the statement below to a policy of ${principalArn}: halfprice doctor --fix does it`]),
    ...new Set(others.map(sayStep)),
  ];
  const error = toError(sayProblems(problems), steps.join("; "));
  return fail(subject, error, {
    isLikely: true,
    ...(missing.length === 0
      ? {}
      : {
          paste: { into: `a policy of ${principalArn}`, statements },
          repair: { kind: "allow" as const, principalArn, policyName, statements },
        }),
  });
}

/** What to do about a right that somebody takes away. */
function sayStep({ kind, right, because }: RightProblem): string {
  const { action } = right;
  switch (kind) {
    case "boundary":
      return `allow ${action} in the permissions boundary too, or take the boundary off: only who manages it can`;
    case "organisation":
      return `ask the organisation's administrator to allow ${action} for this account and region`;
    default:
      return `take ${action} out of ${because.replace(/ denies it$/, "")}: no Allow outweighs a Deny`;
  }
}
