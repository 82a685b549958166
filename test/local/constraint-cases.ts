/** Cases made from an operation's table: what each constraint refuses, and what stands at its bounds. */
import {
  compilePattern,
  type Member,
  type Shape,
  type StringShape,
  type StructureShape,
} from "../../src/local/wire/shape.ts";

export interface ConstraintCase {
  readonly title: string;
  readonly input: unknown;
  /** What the violation's sentence must contain; `mistyped` where the request cannot be read; undefined where it passes. */
  readonly expected: string | undefined;
}

type Path = readonly (string | number)[];

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

/** A copy with another value at a place; undefined takes it away. */
export function withValue(input: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(input)) {
    const copy: unknown[] = [...input];
    copy[Number(key)] = withValue(copy[Number(key)], rest, value);
    return copy;
  }
  const copy = { ...(input as Record<string, unknown>) };
  const inner = withValue(copy[key], rest, value);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

const fills = ["a", "0", "A", "-", "a.b/", "9"];
const oddities = ["_", " ", "é", "!", "{}", "a b", "\u0001", ":", "", "x".repeat(30)];

const matches = (shape: StringShape, text: string): boolean =>
  shape.pattern === undefined || compilePattern(shape.linear ?? shape.pattern).test(text);

/** A text of a length that fits the pattern: the valid one made longer or shorter, or one sign again and again. */
function findText(shape: StringShape, length: number, valid: unknown): string | undefined {
  const start = typeof valid === "string" ? valid : "";
  const made = fills.flatMap((fill) => [
    start.slice(0, length).padEnd(length, fill),
    fill.repeat(length).slice(0, length),
  ]);
  return made.find((text) => text.length === length && matches(shape, text));
}

function* casesOfString(
  shape: StringShape,
  valid: unknown,
): Generator<{ title: string; value: unknown; expected?: string }> {
  if (shape.max !== undefined) {
    yield {
      title: "is too long",
      value: (typeof valid === "string" ? valid : "").padEnd(shape.max + 1, "a"),
      expected: `have length less than or equal to ${shape.max}`,
    };
    const longest = findText(shape, shape.max, valid);
    if (longest !== undefined && shape.enum === undefined) yield { title: "is as long as may be", value: longest };
  }
  if (shape.min !== undefined && shape.min > 0) {
    yield {
      title: "is too short",
      value: "a".repeat(shape.min - 1),
      expected: `have length greater than or equal to ${shape.min}`,
    };
    const shortest = findText(shape, shape.min, undefined);
    if (shortest !== undefined && shape.enum === undefined) yield { title: "is as short as may be", value: shortest };
  }
  if (shape.pattern !== undefined) {
    const odd = oddities.find(
      (text) =>
        !matches(shape, text) &&
        text.length >= (shape.min ?? 0) &&
        text.length <= (shape.max ?? Number.POSITIVE_INFINITY),
    );
    if (odd !== undefined) {
      yield {
        title: "is off its pattern",
        value: odd,
        expected: `satisfy regular expression pattern: ${shape.pattern}`,
      };
    }
  }
  if (shape.enum !== undefined) {
    yield {
      title: "is none of its choices",
      value: "Sometimes",
      expected: `satisfy enum value set: [${shape.enum.join(", ")}]`,
    };
    for (const choice of shape.enum) yield { title: `is ${choice}`, value: choice };
  }
  yield { title: "is of the wrong type", value: { no: "text" }, expected: "mistyped" };
}

function* casesOfShape(shape: Shape, valid: unknown): Generator<{ title: string; value: unknown; expected?: string }> {
  switch (shape.type) {
    case "string":
      yield* casesOfString(shape, valid);
      break;
    case "integer":
    case "number":
      if (shape.min !== undefined) {
        yield {
          title: "is too small",
          value: shape.min - 1,
          expected: `have value greater than or equal to ${shape.min}`,
        };
        yield { title: "is as small as may be", value: shape.min };
      }
      if (shape.max !== undefined) {
        yield {
          title: "is too large",
          value: shape.max + 1,
          expected: `have value less than or equal to ${shape.max}`,
        };
        yield { title: "is as large as may be", value: shape.max };
      }
      yield { title: "is of the wrong type", value: "many", expected: "mistyped" };
      break;
    case "list": {
      const item = Array.isArray(valid) ? (valid[0] as unknown) : undefined;
      if (item === undefined) break;
      const many = (count: number): unknown[] =>
        Array.from({ length: count }, (_, index) =>
          typeof item === "object" && item !== null && "key" in item ? { ...item, key: `key${index}` } : item,
        );
      if (shape.max !== undefined) {
        yield {
          title: "has too many items",
          value: many(shape.max + 1),
          expected: `have length less than or equal to ${shape.max}`,
        };
        if (shape.max <= 50) yield { title: "has as many items as may be", value: many(shape.max) };
      }
      if (shape.min !== undefined && shape.min > 0) {
        yield { title: "has too few items", value: [], expected: `have length greater than or equal to ${shape.min}` };
      }
      yield { title: "is of the wrong type", value: "list", expected: "mistyped" };
      break;
    }
    case "structure":
      yield { title: "is of the wrong type", value: "structure", expected: "mistyped" };
      break;
    case "boolean":
      yield { title: "is of the wrong type", value: "perhaps", expected: "mistyped" };
      break;
    case "timestamp":
      yield { title: "is no time", value: "yesterday", expected: "mistyped" };
      break;
    case "document":
      break;
  }
}

/**
 * Every case of a table.
 * @param valid an input with a valid value at every member that is to be looked at
 */
export function* casesOf(shape: StructureShape, valid: unknown, path: Path = []): Generator<ConstraintCase> {
  for (const [name, member] of Object.entries(shape.members)) {
    const here = [...path, name];
    const label = here.join(".");
    if (member.required && member.in !== "path") {
      yield { title: `${label} is missing`, input: withValue(valid, here, undefined), expected: "not be null" };
    }
    for (const { title, value, expected } of casesOfMember(member, at(valid, here))) {
      yield { title: `${label} ${title}`, input: withValue(valid, here, value), expected };
    }
    yield* inside(member.shape, valid, here);
  }
}

function* inside(shape: Shape, valid: unknown, here: Path): Generator<ConstraintCase> {
  if (at(valid, here) === undefined) return;
  if (shape.type === "structure") yield* casesOf(shape, valid, here);
  if (shape.type !== "list") return;
  const first = [...here, 0];
  if (shape.of.type === "structure") yield* casesOf(shape.of, valid, first);
  else {
    for (const { title, value, expected } of casesOfShape(shape.of, at(valid, first))) {
      yield { title: `${here.join(".")}[0] ${title}`, input: withValue(valid, first, value), expected };
    }
  }
}

function* casesOfMember(
  { shape, in: place }: Member,
  valid: unknown,
): Generator<{ title: string; value: unknown; expected?: string }> {
  for (const each of casesOfShape(shape, valid)) {
    // A path has no room for nothing, and a text is all that path, query and headers can carry.
    if (place === "path" && (each.value === "" || each.expected === "mistyped")) continue;
    if (place !== undefined && each.expected === "mistyped" && shape.type === "string") continue;
    if (place === "header" && typeof each.value === "string" && !/^[\x20-\x7e]*$/.test(each.value)) continue;
    if (place !== undefined && each.value === "") continue;
    yield each;
  }
}
