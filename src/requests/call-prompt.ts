import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { Table } from "../foundation/types/index.ts";
import type { FunctionPrompt, TextRow } from "../prompt/prompt.ts";
import { spellingOf } from "./find-column.ts";

/** Rows whose prompt could not be made. */
export interface PromptFailures {
  count: number;
  /** Of the first one, from 1. */
  row: number;
  reason: string;
}

/** A prompt function as it is called row by row. */
export interface PromptCaller {
  /** What it gives for a row; null where the row is skipped. Bytes come only where the engine hands them over. @throws PROMPT_FAILED */
  readonly call: (cells: readonly (string | Uint8Array | null)[]) => unknown;
  /** Where failures skip their row: counted as it is called. */
  readonly failures: PromptFailures;
}

/** @param onPromptError what becomes of a row at which the function fails */
export function makePromptCaller(table: Table, prompt: FunctionPrompt, onPromptError: "fail" | "skip"): PromptCaller {
  const spelled = table.columns.map(spellingOf);
  const strict = makeStrictRow(spelled, prompt.source);
  const failures: PromptFailures = { count: 0, row: 0, reason: "" };
  let row = 0;
  const call: PromptCaller["call"] = (cells) => {
    row += 1;
    const cellsByName = Object.fromEntries(spelled.map((name, index) => [name, cells[index] ?? ""]));
    let made: unknown;
    try {
      made = prompt.render({ __proto__: strict, ...cellsByName } as unknown as TextRow);
    } catch (cause) {
      if (isError(cause, "UNKNOWN_COLUMN")) throw cause;
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      if (onPromptError === "fail") throw new HalfpriceError("PROMPT_FAILED", { row, reason }, { cause });
      failures.count += 1;
      if (failures.count === 1) Object.assign(failures, { row, reason });
      // A row without a text is skipped.
      return null;
    }
    if (made instanceof Promise || typeof (made as { then?: unknown } | null | undefined)?.then === "function") {
      (made as Promise<unknown>).then(undefined, () => undefined);
      throw new HalfpriceError("PROMPT_FAILED", { row, reason: "it returned a promise" });
    }
    if (made !== null && typeof made !== "string" && (typeof made !== "object" || made === undefined)) {
      const reason = `it returned ${typeof made}, not text; return null to skip a row`;
      throw new HalfpriceError("PROMPT_FAILED", { row, reason });
    }
    return made;
  };
  return { call, failures };
}

/** Names that JavaScript itself looks up on any object: awaiting it, and writing it as JSON. */
const askedByJavaScript: readonly string[] = ["then", "toJSON"];

/**
 * What rows inherit from: a column that the table does not have is an error, where a plain object would give `undefined`, and the word
 * would be sent. `"name" in row` asks without an error.
 */
function makeStrictRow(columns: readonly string[], where: string): object {
  return new Proxy(Object.prototype, {
    get(target, name, receiver) {
      if (typeof name === "symbol" || name in target || askedByJavaScript.includes(name))
        return Reflect.get(target, name, receiver) as unknown;
      const nearest = findNearest(name, columns);
      throw new HalfpriceError("UNKNOWN_COLUMN", { column: name, where, columns, nearest, isFunction: true });
    },
  });
}
