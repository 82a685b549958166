import { findPartition } from "../../access/policy.ts";
import {
  fitsCondition,
  fitsStatement,
  type PolicyRequest,
  type PolicyStatement,
  parsePolicyDocument,
} from "./policy-document.ts";

const service = "bedrock.amazonaws.com";

/** What Bedrock says when it takes on a role for a job: nothing of users, organisations or outside ids. */
function makeRequest(accountId: string, region: string): PolicyRequest {
  return {
    action: "sts:AssumeRole",
    resource: undefined,
    principals: { kind: "Service", names: [service] },
    keys: {
      "aws:sourceaccount": accountId,
      // A job's ARN, with an id that any pattern for jobs of this account and region matches.
      "aws:sourcearn": `arn:${findPartition(region)}:bedrock:${region}:${accountId}:model-invocation-job/abcdefghij12`,
      "aws:principalisawsservice": "true",
      "aws:principalservicename": service,
      "aws:requestedregion": region,
      "aws:securetransport": "true",
      "sts:externalid": undefined,
      "sts:rolesessionname": undefined,
      "aws:principalorgid": undefined,
      "aws:principalaccount": undefined,
      "aws:principalarn": undefined,
      "aws:username": undefined,
      "aws:multifactorauthpresent": undefined,
      "aws:sourcevpc": undefined,
      "aws:sourcevpce": undefined,
    },
  };
}

/** Why a trust policy does not let Bedrock assume its role for jobs of an account; undefined where it does, or may. */
export function findTrustProblem(trustPolicy: string, accountId: string, region: string): string | undefined {
  let statements: readonly PolicyStatement[];
  try {
    statements = parsePolicyDocument(trustPolicy);
  } catch {
    return "its trust policy is not JSON";
  }
  const request = makeRequest(accountId, region);
  const admitting = statements.filter(
    (each) =>
      each.effect === "Allow" && fitsStatement({ ...each, principal: undefined, conditions: [] }, request) !== "no",
  );
  if (admitting.length === 0) return "its trust policy admits nobody";
  const denying = statements.find((each) => each.effect === "Deny" && fitsStatement(each, request) === "yes");
  if (denying !== undefined) return `${nameStatement(denying)} of its trust policy denies it`;
  const named = admitting.filter((each) => fitsStatement({ ...each, conditions: [] }, request) !== "no");
  if (named.length === 0) {
    const others = admitting.flatMap(({ principal }) =>
      typeof principal === "object" ? Object.values(principal).flat() : [principal ?? ""],
    );
    const isRoot = others.some((each) => /^(\d{12}|arn:aws[^:]*:iam::\d{12}:root)$/.test(each));
    const aside = isRoot ? ": the account's root stands for its users and roles, not for AWS's services" : "";
    return `its trust policy admits ${others.join(", ")}, not ${service}${aside}`;
  }
  const problems = named.map(({ conditions }) => {
    const failing = conditions.find((condition) => fitsCondition(condition, request.keys) === "no");
    if (failing === undefined) return undefined;
    const value = request.keys[failing.key.toLowerCase()];
    const wanted = failing.values.join(" or ");
    const given = value === undefined ? "Bedrock gives none" : `a job of this account gives ${value}`;
    return `its condition ${failing.operator} ${failing.key} wants ${wanted}; ${given}`;
  });
  return problems.includes(undefined) ? undefined : problems[0];
}

/** A statement of a policy for people: its Sid, or its number from 1. */
export const nameStatement = ({ sid, effect }: PolicyStatement): string =>
  sid === undefined || sid === "" ? `a statement with Effect ${effect}` : `the statement ${sid}`;
