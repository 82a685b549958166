/** SimulatePrincipalPolicy and SimulateCustomPolicy: what would be decided, and why, in IAM's own form. */

import { QueryError } from "../wire/query-error.ts";
import type { Fields, Input } from "../wire/query-fields.ts";
import { readStrings } from "../wire/query-fields.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";
import { writePage } from "./answer.ts";
import { type Decision, decide, type Policies } from "./evaluate/decide.ts";
import { findMissingKeys } from "./evaluate/missing-keys.ts";
import { type Policy, parsePolicy } from "./evaluate/policy.ts";
import type { Principal } from "./evaluate/principal.ts";
import { findMatches, type Request } from "./evaluate/statement.ts";
import { page, policyDocument } from "./fields.ts";
import { checkPolicyDocument } from "./policy-document.ts";

const document = { min: 1, max: 131_072 } as const;
const keyTypes =
  "string stringList numeric numericList boolean booleanList ip ipList binary binaryList date dateList".split(" ");

/** The fields that both operations have. */
export const simulationFields: Fields = {
  ActionNames: { type: "list", isRequired: true, each: { min: 3, max: 128 } },
  ResourceArns: { type: "list", each: { min: 1, max: 2048 } },
  ResourcePolicy: { ...policyDocument, isRequired: false },
  ResourceOwner: { type: "string", min: 1, max: 2048 },
  CallerArn: { type: "string", min: 1, max: 2048 },
  ContextEntries: {
    type: "list",
    members: {
      ContextKeyName: { type: "string", min: 5, max: 256 },
      ContextKeyValues: { type: "list" },
      ContextKeyType: { type: "string", choices: keyTypes },
    },
  },
  PermissionsBoundaryPolicyInputList: { type: "list", each: document },
  ResourceHandlingOption: { type: "string", min: 1, max: 64 },
  ...page,
};

export const policyList = (isRequired: boolean): Fields => ({
  PolicyInputList: { type: "list", isRequired, each: document },
});

/** Policies of a list in the request, named as IAM names them: `PolicyInputList.1`. @throws QueryError InvalidInput */
export const readPolicies = (input: Input, name: string): Policy[] =>
  readStrings(input, name).map((text, index) => readPolicy(text, `${name}.${index + 1}`));

function readPolicy(text: string, id: string): Policy {
  checkPolicyDocument(text, "permissions");
  return parsePolicy(text, id);
}

export interface Simulated {
  readonly principal: Principal;
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
  /** What the principal is known by; entries of the request win over them. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/** Decides each action on each resource. Nothing is known of the organisation, nor of a bucket's policy that is not given. */
export function simulate(input: Input, { principal, identity, boundary, keys: own }: Simulated): Markup {
  const keys = new Map(own);
  for (const entry of input.list("ContextEntries"))
    keys.set(entry.get("ContextKeyName").toLowerCase(), readStrings(entry, "ContextKeyValues"));
  const resourcePolicy = input.find("ResourcePolicy");
  const policies: Policies = {
    identity,
    boundary,
    resource: resourcePolicy === undefined ? undefined : parseResourcePolicy(resourcePolicy),
    resourceAccountId: /(?:^|::)(\d{12})(?::|$)/.exec(input.find("ResourceOwner") ?? "")?.[1],
  };
  const resources = readStrings(input, "ResourceArns");
  const questions = readStrings(input, "ActionNames").flatMap((action) => {
    if (!/^[\w-]+:[\w*]+$/.test(action)) throw new QueryError("InvalidInput", 400, `Invalid Entity Action: ${action}`);
    return (resources.length === 0 ? ["*"] : resources).map(
      (resource): Request => ({ principal, action, resource, keys }),
    );
  });
  return writePage(input, "EvaluationResults", questions, (request) => writeResult(request, policies));
}

/** @throws QueryError InvalidInput */
function parseResourcePolicy(text: string): Policy {
  try {
    return parsePolicy(text, "ResourcePolicy");
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw new QueryError("InvalidInput", 400, "Syntax errors in policy.");
  }
}

const decisionOf = (decision: Decision): string =>
  decision.isAllowed ? "allowed" : decision.isExplicit ? "explicitDeny" : "implicitDeny";

function writeResult(request: Request, policies: Policies): Markup {
  const { boundary } = policies;
  const decision = decide(request, policies);
  const known = [...policies.identity, ...[policies.resource, boundary].flatMap((policy) => policy ?? [])];
  return element(
    "member",
    leaf("EvalActionName", request.action),
    leaf("EvalResourceName", request.resource),
    leaf("EvalDecision", decisionOf(decision)),
    element(
      "MatchedStatements",
      // Where in the document the statement stands is not told: positions are left out.
      ...decision.matches.map(({ policy }) =>
        element("member", leaf("SourcePolicyId", policy.id), leaf("SourcePolicyType", "IAM Policy")),
      ),
    ),
    element("MissingContextValues", ...findMissingKeys(known, request).map((key) => leaf("member", key))),
    boundary === undefined
      ? undefined
      : element(
          "PermissionsBoundaryDecisionDetail",
          leaf(
            "AllowedByPermissionsBoundary",
            findMatches([boundary], "Deny", request).length === 0 &&
              findMatches([boundary], "Allow", request).length > 0,
          ),
        ),
  );
}
