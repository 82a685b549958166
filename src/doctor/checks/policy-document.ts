/** A statement of a policy, every list a list. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: string;
  /** `*`, or by kind: `AWS`, `Service`. Undefined in a policy of a user or role. */
  readonly principal: "*" | Readonly<Record<string, readonly string[]>> | undefined;
  readonly isNotPrincipal: boolean;
  readonly actions: readonly string[];
  readonly isNotAction: boolean;
  readonly resources: readonly string[];
  readonly isNotResource: boolean;
  readonly conditions: readonly PolicyCondition[];
}

/** The conditions of a statement: operator, then key, then values. */
export interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What a statement is compared with. */
export interface PolicyRequest {
  readonly action: string;
  /** Undefined in a trust policy, whose statements have none. */
  readonly resource: string | undefined;
  /** Who asks: ARNs that a principal may be written as, or a service's name. */
  readonly principals: { readonly kind: "AWS" | "Service"; readonly names: readonly string[] } | undefined;
  /** Key in lower case → value; undefined: known not to be there. Keys that are left out are not known. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** `maybe` where a condition depends on what is not known. */
export type Fit = "yes" | "no" | "maybe";

const listOf = (value: unknown): string[] => [value ?? []].flat().map(String);

/** Reads a policy's statements. @throws SyntaxError where the text is not JSON */
export function parsePolicyDocument(text: string): readonly PolicyStatement[] {
  const document = JSON.parse(text) as { Statement?: unknown };
  return ([document.Statement ?? []].flat() as Readonly<Record<string, unknown>>[]).map((statement) => ({
    sid: statement["Sid"] === undefined ? undefined : String(statement["Sid"]),
    effect: String(statement["Effect"]),
    principal: readPrincipal(statement["Principal"] ?? statement["NotPrincipal"]),
    isNotPrincipal: statement["NotPrincipal"] !== undefined,
    actions: listOf(statement["Action"] ?? statement["NotAction"]),
    isNotAction: statement["NotAction"] !== undefined,
    resources: listOf(statement["Resource"] ?? statement["NotResource"]),
    isNotResource: statement["NotResource"] !== undefined,
    conditions: Object.entries((statement["Condition"] ?? {}) as Readonly<Record<string, object>>).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })),
    ),
  }));
}

function readPrincipal(value: unknown): PolicyStatement["principal"] {
  if (value === undefined || value === "*") return value;
  return Object.fromEntries(Object.entries(value as object).map(([kind, names]) => [kind, listOf(names)]));
}

/** A pattern with `*` and `?`, as IAM matches it. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** Whether a statement is about a request, whatever its effect. */
export function fitsStatement(statement: PolicyStatement, request: PolicyRequest): Fit {
  const { actions, isNotAction, resources, isNotResource } = statement;
  const action = request.action.toLowerCase();
  if (actions.some((pattern) => matchesPattern(pattern.toLowerCase(), action)) === isNotAction) return "no";
  if (!fitsPrincipal(statement, request)) return "no";
  const { resource } = request;
  // A variable stands for what is not known here.
  const isOpen = resources.some((pattern) => pattern.includes("${"));
  if (resource !== undefined && resources.length > 0) {
    const isNamed = resources.some((pattern) => matchesPattern(pattern.replace(/\$\{[^}]*\}/g, "*"), resource));
    if (isNamed === isNotResource && !(isNotResource && isOpen)) return "no";
  }
  const fits = statement.conditions.map((condition) => fitsCondition(condition, request.keys));
  if (fits.includes("no")) return "no";
  return fits.includes("maybe") || isOpen ? "maybe" : "yes";
}

function fitsPrincipal({ principal, isNotPrincipal }: PolicyStatement, { principals }: PolicyRequest): boolean {
  if (principal === undefined || principals === undefined) return true;
  const { kind, names } = principals;
  const listed = principal === "*" ? ["*"] : (principal[kind] ?? []);
  // A service is not named by "AWS": "*".
  const isAll = listed.includes("*") && (principal === "*" || kind === "AWS");
  const isNamed = isAll || listed.some((each) => names.includes(each));
  return isNamed !== isNotPrincipal;
}

/** Whether a condition holds. A key that is not there satisfies what is negated, `IfExists` and `ForAllValues`. */
export function fitsCondition({ operator, key, values }: PolicyCondition, keys: PolicyRequest["keys"]): Fit {
  const [, set, name = "", ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  const lowerKey = key.toLowerCase();
  if (!(lowerKey in keys)) return "maybe";
  const value = keys[lowerKey];
  if (name === "null")
    return values.some((each) => (each.toLowerCase() === "true") === (value === undefined)) ? "yes" : "no";
  const isNegated = /^(string|arn)not|^numericnot|^datenot|^notip/.test(name);
  if (value === undefined) return ifExists !== undefined || set === "forallvalues" || isNegated ? "yes" : "no";
  const compare = comparisons[name.replace("not", "")];
  if (compare === undefined || values.some((each) => each.includes("${"))) return "maybe";
  return values.some((wanted) => compare(wanted, value)) === isNegated ? "no" : "yes";
}

const comparisons: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  stringequals: (wanted, value) => wanted === value,
  stringequalsignorecase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  stringlike: matchesPattern,
  arnequals: matchesPattern,
  arnlike: matchesPattern,
  bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};
