/** A policy as it is weighed: every element a list, whatever shorthand it was written in. */

/** A condition key's values; keys in lower case, for keys know no case. */
export type RequestKeys = ReadonlyMap<string, readonly string[]>;

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Patterns {
  readonly isNot: boolean;
  readonly patterns: readonly string[];
}

/** `Principal` or `NotPrincipal`: kind (`AWS`, `Service`, …) → names. A bare `*` is `AWS: *`. */
export interface Principals {
  readonly isNot: boolean;
  readonly names: Readonly<Record<string, readonly string[]>>;
}

export interface Condition {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Undefined in a trust policy: its resource is the role. */
  readonly resources?: Patterns;
  /** Undefined in an identity's policy: it is the identity's. */
  readonly principals?: Principals;
  /** All must hold. */
  readonly conditions: readonly Condition[];
}

export interface Policy {
  /** How it is called where it is named in an answer. */
  readonly id: string;
  /** Variables are only those of documents of 2012-10-17 ("IAM JSON policy elements: Version"). */
  readonly hasVariables: boolean;
  readonly statements: readonly Statement[];
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const list = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(text));

const parsed = new Map<string, Policy>();
/** Documents come again with every call; more of them than this are not expected at once. */
const mostParsed = 1000;

/**
 * @param document JSON that was checked when it was stored
 * @throws SyntaxError for what is no JSON, TypeError for what is no policy
 */
export function parsePolicy(document: string, id: string): Policy {
  const known = parsed.get(`${id}\n${document}`);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(document);
  if (!isJson(value)) throw new TypeError("A policy is a JSON object.");
  const statements = [value["Statement"] ?? []].flat();
  const policy = { id, hasVariables: value["Version"] === "2012-10-17", statements: statements.map(parseStatement) };
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(`${id}\n${document}`, policy);
  return policy;
}

function parseStatement(value: unknown): Statement {
  if (!isJson(value)) throw new TypeError("A statement is a JSON object.");
  const effect = value["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw new TypeError(`Effect is Allow or Deny, not ${text(effect)}.`);
  const resources = parsePatterns(value, "Resource");
  const principals = parsePrincipals(value);
  return {
    effect,
    actions: parsePatterns(value, "Action") ?? { isNot: false, patterns: [] },
    conditions: Object.entries(isJson(value["Condition"]) ? value["Condition"] : {}).flatMap(([operator, keys]) =>
      Object.entries(isJson(keys) ? keys : {}).map(([key, values]) => ({ operator, key, values: list(values) })),
    ),
    ...(typeof value["Sid"] === "string" && { sid: value["Sid"] }),
    ...(resources !== undefined && { resources }),
    ...(principals !== undefined && { principals }),
  };
}

function parsePatterns(statement: Json, name: "Action" | "Resource"): Patterns | undefined {
  if (statement[name] !== undefined) return { isNot: false, patterns: list(statement[name]) };
  const not = statement[`Not${name}`];
  return not === undefined ? undefined : { isNot: true, patterns: list(not) };
}

function parsePrincipals(statement: Json): Principals | undefined {
  const isNot = statement["Principal"] === undefined;
  const value = statement[isNot ? "NotPrincipal" : "Principal"];
  if (value === undefined) return undefined;
  // A name without a kind is none but "*".
  if (!isJson(value)) return { isNot, names: { AWS: list(value).filter((name) => name === "*") } };
  return { isNot, names: Object.fromEntries(Object.entries(value).map(([kind, names]) => [kind, list(names)])) };
}
