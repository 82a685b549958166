/** What an output line becomes under a record's fault. */
import type { RecordFault } from "./fault-plan.ts";
import { recordErrors } from "./known-errors.ts";

/** The error with which the fault answers instead of the model, or undefined. */
export function findRecordError(
  fault: RecordFault | undefined,
): { errorCode: number; errorMessage: string } | undefined {
  if (typeof fault === "object") return fault;
  return fault === "throttled" || fault === "internal" || fault === "timeout" ? recordErrors[fault] : undefined;
}

const lines: Readonly<Partial<Record<RecordFault & string, (line: string) => string>>> = {
  // C5
  lost: () => "",
  // P14
  doubled: (line) => line + line,
  // (c) 40
  broken: (line) => `${line.slice(0, Math.floor(line.length / 2))}\n`,
  // C6: an error where an answer should be
  "odd-error": (line) =>
    line.replace(
      /"modelOutput":.*(?=,"recordId":)/s,
      '"modelOutput":{"error":{"code":"internal","message":"Internal error"}}',
    ),
  "other-id": (line) => line.replace(/"recordId":".*"\}\n$/s, '"recordId":"unknown-record"}\n'),
};

/** @param line with its \n */
export const spoilLine = (line: string, fault: RecordFault): string =>
  (typeof fault === "string" ? lines[fault]?.(line) : undefined) ?? line;
