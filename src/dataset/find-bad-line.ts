import { createReadStream } from "node:fs";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { readManyLines } from "../lines/read-lines.ts";

const quoteStart = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** How deep the values of a line may be nested: the engine's process dies of far more (1.5.5: 50,000 work, 100,000 do not). */
export const deepestNesting = 5000;

/**
 * Looks for a line that is nested too deep for the engine. One of less than twice so many bytes cannot be.
 * @throws BROKEN_TABLE where there is one
 */
export async function refuseDeepLine(path: string, shownPath: string): Promise<void> {
  let line = 1;
  let depth = 0;
  let isQuoted = false;
  let isEscaped = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === 0x0a) {
        line += 1;
        depth = 0;
        isQuoted = false;
        isEscaped = false;
      } else if (isEscaped) isEscaped = false;
      else if (isQuoted) {
        if (byte === 0x5c) isEscaped = true;
        else if (byte === 0x22) isQuoted = false;
      } else if (byte === 0x22) isQuoted = true;
      else if (byte === 0x5d || byte === 0x7d) depth -= 1;
      else if (byte === 0x5b || byte === 0x7b) {
        depth += 1;
        if (depth <= deepestNesting) continue;
        const most = deepestNesting.toLocaleString("en-US");
        const problem = `its values are nested more than ${most} deep`;
        throw new HalfpriceError("BROKEN_TABLE", {
          path: shownPath,
          line,
          problem,
          expected: "less",
          fix: "leave that line out, or write what is nested as a text",
        });
      }
    }
  }
}

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
  for await (const lines of readManyLines(createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>))
    for (const line of lines) check(line);
}
