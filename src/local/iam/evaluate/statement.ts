/** Whether a statement speaks of a request. */
import { holds } from "./conditions.ts";
import { fits, fitsArn, lowerTokens, tokenize } from "./glob.ts";
import type { Patterns, Policy, RequestKeys, Statement } from "./policy.ts";
import { findNaming, type Naming, type Principal } from "./principal.ts";

export interface Request {
  readonly principal: Principal;
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` for what concerns no resource in particular. */
  readonly resource: string;
  readonly keys: RequestKeys;
}

/** A statement that speaks of the request. */
export interface Match {
  readonly policy: Policy;
  readonly statement: Statement;
  /** In a resource's policy. */
  readonly naming?: Naming;
}

/** The statements of policies that speak of a request, with this effect. */
export const findMatches = (policies: readonly Policy[], effect: Statement["effect"], request: Request): Match[] =>
  policies.flatMap((policy) =>
    policy.statements.flatMap((statement) => {
      if (statement.effect !== effect || !isAbout(policy, statement, request)) return [];
      const naming =
        statement.principals === undefined ? undefined : findNaming(statement.principals, request.principal);
      if (statement.principals !== undefined && naming === undefined) return [];
      const { conditions } = statement;
      if (!conditions.every((condition) => holds(condition, request.keys, policy.hasVariables))) return [];
      return [{ policy, statement, ...(naming !== undefined && { naming }) }];
    }),
  );

/** Whether a statement's action and resource are the request's, its conditions aside. */
export function isAbout(
  { hasVariables }: Policy,
  { actions, resources }: Statement,
  { action, resource, keys }: Pick<Request, "action" | "resource" | "keys">,
): boolean {
  const lower = action.toLowerCase();
  if (!isIn(actions, (pattern) => fits(lowerTokens(tokenize(pattern, undefined) ?? []), lower))) return false;
  return (
    resources === undefined ||
    isIn(resources, (pattern) => {
      const tokens = tokenize(pattern, hasVariables ? keys : undefined);
      return tokens !== undefined && fitsArn(tokens, resource);
    })
  );
}

const isIn = ({ isNot, patterns }: Patterns, test: (pattern: string) => boolean): boolean =>
  patterns.some(test) !== isNot;
