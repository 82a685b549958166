import type { HalfpriceError } from "../../foundation/errors/index.ts";

/** A statement as it is pasted into a policy. */
export type StatementText = Readonly<Record<string, unknown>>;

/** A change that `doctor --fix` can make: nothing but an Allow that is added. */
export type Repair =
  | {
      readonly kind: "allow";
      /** The role or user whose inline policy gets the statements. */
      readonly principalArn: string;
      readonly policyName: string;
      readonly statements: readonly StatementText[];
    }
  | {
      readonly kind: "trust";
      readonly roleName: string;
      /** The whole trust policy as it would be: what is there and one statement more. */
      readonly policy: StatementText;
    }
  | {
      readonly kind: "key-policy";
      readonly keyArn: string;
      /** What comes into the key's policy; all that is there stays. */
      readonly statements: readonly StatementText[];
    };

/** What a check found. */
export interface CheckResult {
  /** What was looked at: `bucket my-data`. */
  readonly subject: string;
  readonly status: "pass" | "warn" | "fail" | "skipped";
  /** One sentence: what was found, or why it was skipped. */
  readonly finding: string;
  /** The answer is likely and not certain: it comes from the simulator, or from documents. */
  readonly isLikely?: true;
  /** With `fail`: the error that a run would stop with. */
  readonly error?: HalfpriceError;
  /** What to do, with `warn` and `fail`. */
  readonly fix?: string;
  /** Statements to paste, and whose policy they go into. */
  readonly paste?: { readonly into: string; readonly statements: readonly StatementText[] };
  /** What `--fix` would do about it. */
  readonly repair?: Repair;
}

type More = Omit<CheckResult, "subject" | "status" | "finding" | "error">;

/** A check that found nothing wrong. */
export const pass = (subject: string, finding: string, more: More = {}): CheckResult => ({
  subject,
  status: "pass",
  finding,
  ...more,
});
/** A check that found something no job fails for. */
export const warn = (subject: string, finding: string, more: More = {}): CheckResult => ({
  subject,
  status: "warn",
  finding,
  ...more,
});
/** A check that could not be made, and why. */
export const skip = (subject: string, finding: string, more: More = {}): CheckResult => ({
  subject,
  status: "skipped",
  finding,
  ...more,
});
/** A check that found what a job would fail for. */
export const fail = (subject: string, error: HalfpriceError, more: More = {}): CheckResult => ({
  subject,
  status: "fail",
  finding: error.message,
  fix: error.fix,
  error,
  ...more,
});
