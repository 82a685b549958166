import { createReadStream } from "node:fs";
import { HalfpriceError } from "../foundation/errors/index.ts";

const quoteStart = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** What is wrong with a line of JSONL, or undefined. Empty lines are passed over. */
function findProblem(line: string): string | undefined {
  if (line.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `${quoteStart(line)} is not valid JSON`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return `${quoteStart(line)} is not an object`;
  return JSON.stringify(value).includes("\\ud") ? `${quoteStart(line)} holds half of a surrogate pair` : undefined;
}

/**
 * Looks for the line that the engine stumbled over: its own count of lines is not to be relied on.
 * @throws BROKEN_TABLE where there is one
 */
export async function refuseBadLine(path: string, shownPath: string): Promise<void> {
  let rest = "";
  let number = 0;
  const check = (line: string): void => {
    number += 1;
    const problem = findProblem(line);
    if (problem === undefined) return;
    throw new HalfpriceError("BROKEN_TABLE", {
      path: shownPath,
      line: number,
      problem,
      expected: "one JSON object a line",
    });
  };
  for await (const chunk of createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>) {
    // Line feeds only: U+2028 and U+0085 may stand in a string.
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) check(line);
  }
  check(rest);
}
