import type { HalfpriceError } from "../errors.ts";

/** What a check found. */
export interface CheckResult {
  /** What was looked at: `bucket my-data`. */
  readonly subject: string;
  readonly status: "pass" | "warn" | "fail" | "skipped";
  /** One sentence: what was found, or why it was skipped. */
  readonly finding: string;
  /** With `fail`: the cause and the fix. */
  readonly error?: HalfpriceError;
}

export const pass = (subject: string, finding: string): CheckResult => ({ subject, status: "pass", finding });
export const skip = (subject: string, finding: string): CheckResult => ({ subject, status: "skipped", finding });
export const fail = (subject: string, error: HalfpriceError): CheckResult => ({
  subject,
  status: "fail",
  finding: error.message,
  error,
});
