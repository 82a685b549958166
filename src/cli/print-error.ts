import { findHelp, HalfpriceError } from "../errors.ts";
import { colors } from "./terminal.ts";

/** An error, always these four lines: the code, what happened, what to do, where there is more. */
export function formatError(error: HalfpriceError): string {
  return [
    `${colors.red("error")} ${colors.bold(error.code)}`,
    `  ${error.message}`,
    `  ${colors.green("fix")}   ${error.fix}`,
    `  ${colors.dim("more")}  ${colors.dim(findHelp(error.code))}`,
  ].join("\n");
}

/** An error as JSON, for `--json`. */
export function describeError(error: HalfpriceError): object {
  const { code, message, fix, details } = error;
  return { error: { code, message, fix, details, more: findHelp(code) } };
}

/** What was thrown, as an error of ours: what nobody foresaw is a bug. */
export function toHalfpriceError(thrown: unknown): HalfpriceError {
  if (thrown instanceof HalfpriceError) return thrown;
  const error = thrown as NodeJS.ErrnoException;
  const disk = /^(ENOSPC|EROFS|EDQUOT|EACCES|EPERM)$/.exec(error?.code ?? "");
  if (disk !== null) {
    const reason = disk[1] === "ENOSPC" ? "the disk is full" : String(error.message);
    return new HalfpriceError("DISK", { path: error.path ?? "the workspace", reason }, { cause: thrown });
  }
  if (thrown instanceof Error && /No space left on device/i.test(thrown.message)) {
    return new HalfpriceError("DISK", { path: "the workspace", reason: "the disk is full" }, { cause: thrown });
  }
  return new HalfpriceError(
    "BUG",
    { reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) },
    { cause: thrown },
  );
}
