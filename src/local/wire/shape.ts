/**
 * What an operation accepts, as a table: type, required, length, range, pattern, enum. The words of a violation are those
 * in which AWS's services answer (seen from Bedrock in litellm issue 19384 and genkit-ai/aws-bedrock-js-plugin issue 43,
 * read 2026-11-21): `1 validation error detected: Value '…' at '…' failed to satisfy constraint: …`.
 */

/** A string; lengths count UTF-16 units. */
export interface StringShape {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  /** AWS's pattern as its model spells it; matched against the whole value. */
  readonly pattern?: string;
  /** Another spelling of the same language, matched instead where AWS's own would take too long. */
  readonly linear?: string;
  readonly enum?: readonly string[];
}
export interface NumberShape {
  readonly type: "integer" | "number";
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanShape {
  readonly type: "boolean";
}
/** ISO 8601 in a query or a REST body, seconds since 1970 in an awsJson body; read as milliseconds since 1970. */
export interface TimestampShape {
  readonly type: "timestamp";
}
export interface ListShape {
  readonly type: "list";
  readonly of: Shape;
  readonly min?: number;
  readonly max?: number;
}
export interface StructureShape {
  readonly type: "structure";
  readonly members: Readonly<Record<string, Member>>;
  /** Exactly one member must be there. */
  readonly union?: true;
}
/** Any JSON value, looked at by the operation itself. */
export interface DocumentShape {
  readonly type: "document";
}
export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | StructureShape
  | DocumentShape;

export interface Member {
  readonly shape: Shape;
  readonly required?: true;
  /** Where a REST request carries it; the body where this is left out. */
  readonly in?: "path" | "query" | "header";
  /** Its name there, if it is another one. */
  readonly wireName?: string;
}

type Members = Readonly<Record<string, Member>>;
type RequiredName<M extends Members> = { [K in keyof M]: M[K] extends { required: true } ? K : never }[keyof M];
type StructureOf<M extends Members> = {
  readonly [K in RequiredName<M>]: Static<M[K]["shape"]>;
} & { readonly [K in Exclude<keyof M, RequiredName<M>>]?: Static<M[K]["shape"]> };

/** The TypeScript type of what a shape lets through. */
export type Static<S extends Shape> = S extends { type: "string"; enum: readonly (infer E)[] }
  ? E
  : S extends { type: "string" }
    ? string
    : S extends { type: "integer" | "number" | "timestamp" }
      ? number
      : S extends { type: "boolean" }
        ? boolean
        : S extends { type: "list"; of: infer I extends Shape }
          ? readonly Static<I>[]
          : S extends { type: "structure"; members: infer M extends Members }
            ? StructureOf<M>
            : unknown;

/** A value of the wrong JSON type: AWS cannot even read the request. */
export class SerializationFault extends Error {}

const compiled = new Map<string, RegExp>();

/** AWS's pattern as a regular expression over the whole value. */
export function compilePattern(pattern: string): RegExp {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    regex = new RegExp(`^(?:${pattern})$`);
    compiled.set(pattern, regex);
  }
  return regex;
}

const fail = (value: string | undefined | null, at: string, must: string): string =>
  `Value ${value === undefined ? "" : value === null ? "null " : `'${value}' `}at '${at}' failed to satisfy constraint: Member must ${must}`;

function checkLength(count: number, shown: string | undefined, at: string, shape: StringShape | ListShape): string[] {
  const problems: string[] = [];
  if (shape.max !== undefined && count > shape.max) {
    problems.push(fail(shown, at, `have length less than or equal to ${shape.max}`));
  }
  if (shape.min !== undefined && count < shape.min) {
    problems.push(fail(shown, at, `have length greater than or equal to ${shape.min}`));
  }
  return problems;
}

function checkString(shape: StringShape, value: string, at: string): string[] {
  const problems: string[] = [];
  // Pattern before length: the order in litellm issue 19384.
  if (shape.pattern !== undefined && !compilePattern(shape.linear ?? shape.pattern).test(value)) {
    problems.push(fail(value, at, `satisfy regular expression pattern: ${shape.pattern}`));
  }
  problems.push(...checkLength(value.length, value, at, shape));
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    problems.push(fail(value, at, `satisfy enum value set: [${shape.enum.join(", ")}]`));
  }
  return problems;
}

const jsonKind = (value: unknown): string => {
  if (Array.isArray(value)) return "START_ARRAY";
  if (typeof value === "object") return "START_OBJECT";
  if (typeof value === "string") return "STRING_VALUE";
  if (typeof value === "number") return "NUMBER_VALUE";
  return value === true ? "TRUE_VALUE" : "FALSE_VALUE";
};

// The words of a wrong type are those of AWS's older JSON services; Bedrock's own are unconfirmed.
const mistyped = (value: unknown, wanted: string): SerializationFault =>
  new SerializationFault(`${jsonKind(value)} can not be converted to ${wanted}`);

function readTimestamp(value: unknown): number {
  const ms = typeof value === "number" ? value * 1000 : typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw mistyped(value, "a Timestamp");
  return ms;
}

/** How a violation spells the name of a member. */
export type Spell = (name: string) => string;
const asIs: Spell = (name) => name;

/**
 * Reads a JSON value as a shape says; members that the shape does not know are dropped, as AWS does.
 * @param problems takes one sentence per violation
 * @throws SerializationFault where a JSON type is wrong
 */
export function readShape(shape: Shape, value: unknown, at: string, problems: string[], spell: Spell = asIs): unknown {
  switch (shape.type) {
    case "string":
      if (typeof value !== "string") throw mistyped(value, "a String");
      problems.push(...checkString(shape, value, at));
      return value;
    case "integer":
    case "number":
      if (typeof value !== "number" || (shape.type === "integer" && !Number.isInteger(value))) {
        throw mistyped(value, shape.type === "integer" ? "an Integer" : "a Float");
      }
      if (shape.max !== undefined && value > shape.max) {
        problems.push(fail(`${value}`, at, `have value less than or equal to ${shape.max}`));
      }
      if (shape.min !== undefined && value < shape.min) {
        problems.push(fail(`${value}`, at, `have value greater than or equal to ${shape.min}`));
      }
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw mistyped(value, "a Boolean");
      return value;
    case "timestamp":
      return readTimestamp(value);
    case "list": {
      if (!Array.isArray(value)) throw mistyped(value, "a List");
      problems.push(...checkLength(value.length, undefined, at, shape));
      return value.map((item, index) => readShape(shape.of, item, `${at}.${index + 1}.member`, problems, spell));
    }
    case "structure":
      return readStructure(shape, value, at, problems, spell);
    case "document":
      return value;
  }
}

/** Reads the members of a structure; `at` is empty for the request itself. */
export function readStructure(
  shape: StructureShape,
  value: unknown,
  at: string,
  problems: string[],
  spell: Spell = asIs,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mistyped(value, "a Structure");
  const given = value as Record<string, unknown>;
  const read: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const path = at === "" ? spell(name) : `${at}.${spell(name)}`;
    const item = given[name];
    if (item === undefined || item === null) {
      if (member.required) problems.push(fail(null, path, "not be null"));
    } else {
      read[name] = readShape(member.shape, item, path, problems, spell);
    }
  }
  // How the service words an empty or a double union is unconfirmed.
  if (shape.union && Object.keys(read).length !== 1) problems.push(fail(undefined, at, "have exactly one member set"));
  return read;
}

/** The message of a ValidationException for these violations. */
export function sayViolations(problems: readonly string[]): string {
  const count = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
  return `${count} detected: ${problems.join("; ")}`;
}
