import { HalfpriceError, isError } from "./errors/index.ts";

/** What SQLite says of a file that is none of its own, or not whole: https://www.sqlite.org/rescode.html */
const damaged: Readonly<Record<number, string>> = {
  11: "it is damaged, or cut off",
  26: "it is not a database",
};

/** What it says of a file that it may not write or cannot open. 10 is any fault of the disk. */
const unusable: Readonly<Record<number, string>> = {
  5: "another process has kept it locked for 10 seconds",
  8: "it is read-only",
  10: "the disk reports a fault",
  14: "it cannot be opened",
};

/**
 * What was thrown, as an error with a fix, where the disk is behind it: one that is full or may not be written (DISK), or a ledger
 * that is damaged (LEDGER_DAMAGED). The operating system, the ledger (SQLITE_FULL) and the engine each say it in their own way.
 * @param ledger the ledger's path, where it is known that the ledger was used
 * @returns undefined where it is something else
 */
export function findDiskError(
  thrown: unknown,
  ledger?: { readonly path: string; readonly workspace: string },
): HalfpriceError<"DISK" | "LEDGER_DAMAGED"> | undefined {
  if (!(thrown instanceof Error) || isError(thrown)) return undefined;
  const error = thrown as NodeJS.ErrnoException & { readonly errcode?: number };
  const full = /No space left on device|database or disk is full/i.test(error.message);
  if (full || error.code === "ENOSPC" || error.code === "EDQUOT") {
    const path = error.path ?? ledger?.path ?? "the workspace";
    return new HalfpriceError("DISK", { path, reason: "the disk is full" }, { cause: thrown });
  }
  if (error.code === "ERR_SQLITE_ERROR") {
    // The lower byte is the kind, the others say more of it.
    const kind = (error.errcode ?? 0) & 0xff;
    const path = ledger?.path ?? "ledger.db of the workspace";
    const broken = damaged[kind];
    if (broken !== undefined) {
      const details = { path, reason: broken, workspace: ledger?.workspace };
      return new HalfpriceError("LEDGER_DAMAGED", details, { cause: thrown });
    }
    const reason = unusable[kind];
    return reason === undefined ? undefined : new HalfpriceError("DISK", { path, reason }, { cause: thrown });
  }
  if (!/^(EROFS|EACCES|EPERM)$/.test(error.code ?? "")) return undefined;
  const path = error.path ?? "the workspace";
  return new HalfpriceError("DISK", { path, reason: error.message }, { cause: thrown });
}
