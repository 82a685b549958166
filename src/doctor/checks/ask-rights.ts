import type { IamReader, PolicyText, SimulatedDecision } from "../../aws/iam-reading.ts";
import { defined } from "../../foundation/defined.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { StatementText } from "./check.ts";
import { fitsStatement, type PolicyRequest, type PolicyStatement, parsePolicyDocument } from "./policy-document.ts";
import { nameStatement } from "./trust-policy.ts";

/** A right that a user or role needs. */
export interface NeededRight {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call, beside those that every call has. */
  readonly keys?: Readonly<Record<string, string>>;
  /** The resource as a statement names it, where it is wider than the one that is asked about: a prefix's every key. */
  readonly grantOn?: string;
  /** A condition that belongs into the statement. */
  readonly condition?: StatementText;
}

/** Who asks, and what else decides. */
export interface Asker {
  readonly iam: IamReader;
  /** A user's or role's ARN. */
  readonly principalArn: string;
  readonly accountId: string;
  readonly region: string;
  /** The bucket's policy, where it could be read. */
  readonly bucketPolicy?: readonly PolicyStatement[] | undefined;
}

/** A right that is not there, and what stands against it. */
export interface RightProblem {
  readonly right: NeededRight;
  readonly kind: "missing" | "denied" | "boundary" | "organisation";
  /** A sentence's end: `no policy allows it`, `the statement X of the policy Y denies it`. */
  readonly because: string;
}

/**
 * Asks the simulator for each right; what the bucket's policy allows counts too, which the simulator does not see. What that
 * policy denies is a check of its own.
 * @returns undefined where the caller may not ask the simulator
 */
export async function askRights(
  asker: Asker,
  rights: readonly NeededRight[],
): Promise<readonly RightProblem[] | undefined> {
  const { iam, principalArn } = asker;
  const ask = ({ action, resource, keys }: NeededRight): Promise<SimulatedDecision> =>
    iam.simulate({
      principalArn,
      action,
      resource,
      keys: makeKeys(asker, { action, resource, ...(keys && { keys }) }),
    });
  const [first, ...others] = rights;
  if (first === undefined) return [];
  let answers: readonly SimulatedDecision[];
  try {
    // The first alone: where the simulator may not be asked, once is enough.
    answers = [await ask(first), ...(await Promise.all(others.map(ask)))];
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return undefined;
    throw error;
  }
  const isDenied = answers.some((answer) => answer.decision === "explicitDeny");
  const policies = isDenied ? await tryReadPolicies(iam, principalArn) : [];
  return rights.flatMap((right, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : (findProblem(asker, right, answer, policies) ?? []);
  });
}

/** Names of keys as the simulator wants them; it fills in none of these by itself. */
function makeKeys(
  { accountId, region, principalArn }: Asker,
  { action, resource, keys = {} }: NeededRight,
): Record<string, string> {
  const isFoundationModel = /^arn:[\w-]+:bedrock:[^:]*::foundation-model\//.test(resource);
  return {
    "aws:PrincipalArn": principalArn,
    "aws:PrincipalAccount": accountId,
    "aws:RequestedRegion": region,
    "aws:SecureTransport": "true",
    ...(isFoundationModel ? {} : { "aws:ResourceAccount": accountId }),
    ...(action.startsWith("s3:") ? { "s3:ResourceAccount": accountId } : {}),
    ...keys,
  };
}

function findProblem(
  asker: Asker,
  right: NeededRight,
  { decision, policyIds, isAllowedByBoundary, isAllowedByOrganisation }: SimulatedDecision,
  policies: readonly PolicyText[],
): RightProblem | undefined {
  const lower = Object.fromEntries(
    Object.entries(makeKeys(asker, right)).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const { action, resource } = right;
  const request: PolicyRequest = { action, resource, principals: principalsOf(asker), keys: lower };
  if (decision === "explicitDeny") {
    const by = findDenying(policies, { ...request, principals: undefined }) ?? listNames(policyIds);
    return { right, kind: "denied", because: `${by} denies it` };
  }
  if (decision === "allowed") return undefined;
  if (isAllowedByOrganisation === false)
    return { right, kind: "organisation", because: "a policy of the organisation does not allow it" };
  if (isAllowedByBoundary === false)
    return { right, kind: "boundary", because: "its permissions boundary does not allow it" };
  // In one account a bucket's policy that names the role or user is enough by itself.
  const grants = action.startsWith("s3:") ? (asker.bucketPolicy ?? []) : [];
  if (grants.some((each) => each.effect === "Allow" && fitsStatement(each, request) === "yes")) return undefined;
  return { right, kind: "missing", because: "no policy allows it" };
}

/** Not the account: what names its root leaves the decision to IAM, and grants nothing by itself. */
const principalsOf = ({ principalArn }: Asker): PolicyRequest["principals"] => ({ kind: "AWS", names: [principalArn] });

function findDenying(policies: readonly PolicyText[], request: PolicyRequest): string | undefined {
  for (const { id, document } of policies) {
    try {
      const statement = parsePolicyDocument(document).find(
        (each) => each.effect === "Deny" && fitsStatement(each, request) !== "no",
      );
      if (statement !== undefined) return `${nameStatement(statement)} of the policy ${id}`;
    } catch {
      // A document that cannot be read is named by the simulator.
    }
  }
  return undefined;
}

const listNames = (ids: readonly string[]): string =>
  ids.length === 0 ? "a policy" : `the policy ${[...new Set(ids)].join(", ")}`;

async function tryReadPolicies(iam: IamReader, principalArn: string): Promise<readonly PolicyText[]> {
  try {
    return await iam.readPolicies(principalArn);
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return [];
    throw error;
  }
}

/** The statements that would give what is missing: one a condition, actions and resources together. */
export function makeStatements(sid: string, problems: readonly RightProblem[]): readonly StatementText[] {
  const groups = new Map<
    string,
    { actions: Set<string>; resources: Set<string>; condition: StatementText | undefined }
  >();
  for (const { right } of problems) {
    const { action, resource, grantOn = resource, condition } = right;
    // Actions that are not of one service, or not on the same things, stand apart: together they would allow more.
    const key = JSON.stringify([action.startsWith("s3:") ? grantOn : action, condition ?? null]);
    const group = groups.get(key) ?? { actions: new Set(), resources: new Set(), condition };
    group.actions.add(action);
    group.resources.add(grantOn);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ actions, resources, condition }, index) => ({
    Sid: `${sid}${index === 0 ? "" : index + 1}`,
    Effect: "Allow",
    Action: shorten([...actions]),
    Resource: shorten([...resources]),
    ...defined({ Condition: condition }),
  }));
}

const shorten = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? "") : values;

/** Problems as lines: `s3:GetObject on arn:…: no policy allows it`. A key that was made up for the question stands for all. */
export function sayProblems(problems: readonly RightProblem[]): readonly string[] {
  return problems.map(({ right: { action, resource, grantOn }, because }) => {
    const shown = action.startsWith("s3:") ? (grantOn ?? resource) : resource;
    return `${action} on ${shown}: ${because}`;
  });
}
