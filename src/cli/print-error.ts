import { findDiskError } from "../disk-error.ts";
import { findHelp, HalfpriceError } from "../errors.ts";
import { colors } from "./terminal.ts";

/** An error, always these lines: the code, what happened, why where that is known apart, what to do, where there is more. */
export function formatError(error: HalfpriceError): string {
  return [
    `${colors.red("error")} ${colors.bold(error.code)}`,
    `  ${error.message}`,
    ...(error.why === undefined ? [] : [`  ${colors.yellow("why")}   ${error.why}`]),
    `  ${colors.green("fix")}   ${error.fix}`,
    `  ${colors.dim("more")}  ${colors.dim(findHelp(error.code))}`,
  ].join("\n");
}

/** An error as JSON, for `--json`. */
export function describeError(error: HalfpriceError): object {
  const { code, message, why, fix, details } = error;
  return { error: { code, message, ...(why === undefined ? {} : { why }), fix, details, more: findHelp(code) } };
}

/** What was thrown, as an error of ours: what nobody foresaw is a bug. */
export function toHalfpriceError(thrown: unknown): HalfpriceError {
  if (thrown instanceof HalfpriceError) return thrown;
  const disk = findDiskError(thrown);
  if (disk !== undefined) return disk;
  return new HalfpriceError(
    "BUG",
    { reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) },
    { cause: thrown },
  );
}
