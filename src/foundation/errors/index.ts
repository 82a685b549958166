/** Every error that halfprice can give: a permanent code, what happened, and what to do. The compiler knows the codes. */
import { hideSecrets } from "../secrets.ts";
import { accountErrors } from "./account.ts";
import type { Entry, ExitCode } from "./entry.ts";
import { localErrors } from "./local.ts";
import { modelErrors } from "./model.ts";
import { partErrors } from "./parts.ts";
import { promptErrors } from "./prompt.ts";
import { runErrors } from "./run.ts";
import { tableErrors } from "./table.ts";

/** The catalogue. `docs/errors.md` is made from it, and `halfprice explain CODE` reads it. */
export const catalogue = {
  ...tableErrors,
  ...promptErrors,
  ...modelErrors,
  ...accountErrors,
  ...runErrors,
  ...partErrors,
  ...localErrors,
} as const;

/** A code of an error of ours. Codes are permanent. */
export type ErrorCode = keyof typeof catalogue;

/** What an error of a code carries: the values that its message names. */
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof catalogue)[Code]["says"]>[0];

/** An error of one code. */
interface ErrorOfCode<Code extends ErrorCode> extends Error {
  readonly name: "HalfpriceError";
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** What to do, as a command where there is one. */
  readonly fix: string;
  /** Why it happened, where what happened is told in the service's words and they are known. */
  readonly why: string | undefined;
  readonly exitCode: ExitCode;
}

/**
 * An error of any of the given codes (of all codes, where none is given): a union whose `code` tells which. Comparing
 * `code` with a text that is no code does not compile, and a comparison that does narrows `details`.
 */
export type HalfpriceError<Code extends ErrorCode = ErrorCode> = { [Each in Code]: ErrorOfCode<Each> }[Code];

/** The one error class. A generic class would narrow to codes of `any` by `instanceof`; this narrows to the union. */
interface HalfpriceErrorClass {
  new <Code extends ErrorCode>(
    code: Code,
    details: ErrorDetails<Code>,
    options?: { cause?: unknown },
  ): HalfpriceError<Code>;
  readonly prototype: HalfpriceError;
}

class CodedError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly fix: string;
  readonly why: string | undefined;
  readonly exitCode: ExitCode;
  override readonly name = "HalfpriceError";

  constructor(code: ErrorCode, details: unknown, options?: { cause?: unknown }) {
    const { says, fix, why, exitCode } = findEntry(code);
    super(hideSecrets(says(details)), options);
    this.code = code;
    this.details = details;
    this.fix = hideSecrets(fix(details));
    const reason = why?.(details);
    this.why = reason === undefined ? undefined : hideSecrets(reason);
    this.exitCode = exitCode;
  }
}
Object.defineProperty(CodedError, "name", { value: "HalfpriceError" });

/** Every error of halfprice: a code, what happened, and what to do. */
export const HalfpriceError = CodedError as unknown as HalfpriceErrorClass;

const findEntry = (code: ErrorCode): Entry<unknown> => catalogue[code] as unknown as Entry<unknown>;

/**
 * Whether what was thrown is an error of ours, of one of the codes where codes are given; narrows code and details.
 *
 * @example
 * try { … } catch (error) {
 *   if (isError(error, "SERVICE_REFUSED")) console.log(error.details.status);
 *   else throw error;
 * }
 */
export function isError<Code extends ErrorCode = ErrorCode>(
  thrown: unknown,
  ...codes: readonly Code[]
): thrown is HalfpriceError<Code> {
  return thrown instanceof HalfpriceError && (codes.length === 0 || codes.some((code) => code === thrown.code));
}

/** What the pages and `halfprice explain CODE` say of a code: when it comes up, and its message and fix by example. */
export interface DescribedError {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly about: string;
  readonly message: string;
  readonly fix: string;
}

/** The description of a code in any letter case; undefined where there is no such code. */
export function describeCode(name: string): DescribedError | undefined {
  const code = name.trim().toUpperCase();
  if (!isCode(code)) return undefined;
  const { says, fix, about, exitCode, example } = findEntry(code);
  return { code, exitCode, about, message: says(example), fix: fix(example) };
}

const isCode = (name: string): name is ErrorCode => Object.hasOwn(catalogue, name);

/** The command that says more of a code: it works wherever halfprice does. */
export function findHelp(code: ErrorCode): string {
  return `halfprice explain ${code}`;
}
