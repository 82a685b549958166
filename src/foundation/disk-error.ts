import { HalfpriceError, isError } from "./errors/index.ts";

/**
 * What was thrown, as the error DISK, where a disk that is full or may not be written is behind it: the operating system,
 * the ledger (SQLITE_FULL) and the engine each say it in their own way.
 * @returns undefined where it is something else
 */
export function findDiskError(thrown: unknown): HalfpriceError<"DISK"> | undefined {
  if (!(thrown instanceof Error) || isError(thrown)) return undefined;
  const error = thrown as NodeJS.ErrnoException;
  const path = error.path ?? "the workspace";
  const full = /No space left on device|database or disk is full/i.test(error.message);
  if (full || error.code === "ENOSPC" || error.code === "EDQUOT") {
    return new HalfpriceError("DISK", { path, reason: "the disk is full" }, { cause: thrown });
  }
  if (!/^(EROFS|EACCES|EPERM)$/.test(error.code ?? "")) return undefined;
  return new HalfpriceError("DISK", { path, reason: error.message }, { cause: thrown });
}
