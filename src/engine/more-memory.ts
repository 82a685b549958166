import { totalmem } from "node:os";

const mib = 1024 * 1024;

/** What an engine may use where a piece of work is larger than usual, one after the other: at last four fifths of the machine's memory. */
export const moreMemory: readonly string[] = ["1536MiB", `${Math.max(1536, Math.floor((totalmem() * 0.8) / mib))}MiB`];
