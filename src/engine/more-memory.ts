import { totalmem } from "node:os";
import type { Engine } from "./engine.ts";

const mib = 1024 * 1024;

/** What an engine may use where a piece of work is larger than usual, one after the other: at last four fifths of the machine's memory. */
const moreMemory: readonly string[] = ["1536MiB", `${Math.max(1536, Math.floor((totalmem() * 0.8) / mib))}MiB`];

/**
 * Does a piece of work, and does it again with more memory where the engine has too little for it. The engine keeps the higher limit.
 * @throws what the work throws; the engine's error where the highest limit is too low
 */
export async function withMoreMemory<Result>(engine: Engine, work: () => Promise<Result>): Promise<Result> {
  for (const limit of moreMemory) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("Out of Memory Error")) throw error;
      await engine.run(`SET memory_limit = '${limit}'`);
    }
  }
  return work();
}
