import type { KnownCaller } from "../access/caller.ts";
import { findMissingRights } from "../access/missing-rights.ts";
import type { PartServices } from "../access/part.ts";
import { makePolicy, makeRolePolicy, makeTrustPolicy } from "../access/policies.ts";
import type { AccessScope } from "../access/policy.ts";
import type { FoundRole } from "../aws/iam-documents.ts";
import type { Identity } from "../aws/sts.ts";
import { findTrustProblem } from "./checks/trust-policy.ts";

/** Something that setup does not do by itself, with what to paste. */
export interface Advice {
  /** One or more sentences. */
  readonly text: string;
  /** A policy or a statement of one. */
  readonly document?: unknown;
  /** A document as it is and as it has to be; shown as a diff in the place of `document`. */
  readonly change?: { readonly before: unknown; readonly after: unknown };
  /** Whether no run can work before it is done. */
  readonly isNeeded?: true;
}

/** What a role that somebody else made lacks. It is theirs: nothing is changed. */
export async function compareRole(role: FoundRole, scope: AccessScope, { iam }: PartServices): Promise<Advice[]> {
  const advice: Advice[] = [];
  const problem = findTrustProblem(role.trustPolicy, scope.accountId, scope.region);
  if (problem !== undefined) {
    const [document] = makeTrustPolicy(scope).Statement;
    advice.push({
      text: `The role ${role.arn} cannot serve yet: ${problem}. Add to its trust policy:`,
      document,
      isNeeded: true,
    });
  }
  const needed = makeRolePolicy(scope);
  const missing = await findMissingRights(role.arn, needed, iam);
  if (missing === undefined) {
    const text = `What the role ${role.arn} may do could not be asked (iam:SimulatePrincipalPolicy). It needs:`;
    advice.push({ text, document: needed });
  } else if (missing.length > 0) {
    const text = `The role ${role.arn} lacks rights, as far as IAM's simulator sees. Add as an inline policy:`;
    advice.push({ text, document: makePolicy(...missing), isNeeded: true });
  }
  if (advice.length === 0) advice.push({ text: `The role ${role.arn} has all that it needs; it is left as it is.` });
  return advice;
}

/** Whether the role behind a notebook's session could be the service role too, and what it takes. */
export async function adviseDualRole(
  caller: KnownCaller,
  scope: AccessScope,
  identity: Identity,
  { iam }: PartServices,
): Promise<Advice[]> {
  if (!/:assumed-role\//.test(identity.arn) || caller.owner?.kind !== "role" || caller.arn === scope.roleArn) return [];
  const session = `This session's role is ${caller.arn}.`;
  if (caller.trustPolicy === undefined) {
    const text = `${session} Its path is not known (iam:GetRole is refused), so the ARN may have service-role/ before the name; whether Bedrock may assume it is not known either.`;
    return [{ text }];
  }
  const pass = makePolicy({
    Sid: "HandItselfToBedrock",
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource: caller.arn,
    Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
  });
  const problem = findTrustProblem(caller.trustPolicy, scope.accountId, scope.region);
  const isPassed = (await findMissingRights(caller.arn, pass, iam))?.length === 0;
  if (problem === undefined && isPassed) {
    return [{ text: `${session} It can be the service role too: halfprice setup --role ${caller.arn}` }];
  }
  const advice: Advice[] = [
    {
      text: `${session} It could be caller and service role at once (halfprice setup --role ${caller.arn}); for that it lacks what follows. A role of its own, as above, is narrower.`,
    },
  ];
  if (problem !== undefined) {
    const [document] = makeTrustPolicy(scope).Statement;
    advice.push({ text: `In its trust policy (${problem}):`, document });
  }
  if (!isPassed) advice.push({ text: "In its permissions, to pass itself:", document: pass.Statement[0] });
  return advice;
}
