/** Whether a statement's conditions hold. */
import { tokenize } from "./glob.ts";
import { operators } from "./operators.ts";
import type { Condition, RequestKeys } from "./policy.ts";

/**
 * Whether one condition holds. A key that the request does not have: `IfExists`, `ForAllValues` and negated operators hold,
 * all others do not. An operator that nobody knows never holds.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (known, not read again)
 */
export function holds(condition: Condition, keys: RequestKeys, hasVariables: boolean): boolean {
  const { set, name, isIfExists } = readOperator(condition.operator);
  const actual = keys.get(condition.key.toLowerCase()) ?? [];
  if (name === "null")
    return condition.values.some((value) => (value.toLowerCase() === "true") === (actual.length === 0));
  const operator = operators[name];
  if (operator === undefined) return false;
  const { isNegated, takesVariables } = operator;
  if (actual.length === 0) return isIfExists || set === "forallvalues" || (set === undefined && isNegated);
  const fitsOne = (value: string): boolean =>
    condition.values.some((wanted) => {
      const tokens = tokenize(wanted, hasVariables && takesVariables ? keys : undefined);
      return tokens !== undefined && operator.holds(value, wanted, tokens);
    });
  const holdsFor = (value: string): boolean => fitsOne(value) !== isNegated;
  if (set === "foranyvalue") return actual.some(holdsFor);
  if (set === "forallvalues") return actual.every(holdsFor);
  // A key of several values without a set operator: "not" means of none of them.
  return isNegated ? actual.every(holdsFor) : actual.some(holdsFor);
}

interface Named {
  readonly set: "forallvalues" | "foranyvalue" | undefined;
  /** In lower case. */
  readonly name: string;
  readonly isIfExists: boolean;
}

function readOperator(written: string): Named {
  const [, set, name = "", ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(written.toLowerCase()) ?? [];
  return {
    name,
    isIfExists: ifExists !== undefined,
    set: set === "forallvalues" || set === "foranyvalue" ? set : undefined,
  };
}
