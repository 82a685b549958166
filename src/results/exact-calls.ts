import { isLosslessNumber, parseLossless, stringifyLossless } from "../engine/lossless-json.ts";

/** The name under which the engine knows `readExactCalls`. */
export const exactCallsFunction = "halfprice_exact_calls";

/** Digits that a double may not hold, in a text of JSON: the engine's own JSON keeps whole numbers of any length, but no such fraction. */
export const longDigits: string = [
  // 16 digits or more around the point; the engine's patterns cannot count them together.
  ...Array.from({ length: 15 }, (_, at) => `[0-9]{${at + 1}}\\.[0-9]{${15 - at},}`),
  "[0-9]{16,}\\.[0-9]",
  "[0-9][eE][+-]?[0-9]",
].join("|");

/**
 * The calls of tools in a line of a job's output, with every digit of their numbers, as JSON: `[{"name": …, "input": …}]`. For models whose
 * calls have an object as input (Anthropic's form, Converse, Nova); others give it as a text, which is exact.
 * @returns null where there is none, or the line is not JSON
 */
export function readExactCalls(line: string): string | null {
  const output = memberOf(parse(line), "modelOutput");
  const own = listOf(memberOf(output, "content"));
  const converse = listOf(memberOf(memberOf(memberOf(output, "output"), "message"), "content"));
  const calls = [
    ...own.filter((block) => memberOf(block, "type") === "tool_use"),
    ...converse.map((block) => memberOf(block, "toolUse")).filter((call) => typeof memberOf(call, "name") === "string"),
  ].map((call) => ({ name: memberOf(call, "name"), input: memberOf(call, "input") }));
  return calls.length === 0 ? null : (stringifyLossless(calls) ?? null);
}

function parse(line: string): unknown {
  try {
    return parseLossless(line);
  } catch {
    return undefined;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && !isLosslessNumber(value)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
