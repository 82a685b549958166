/**
 * Threads that answer the blocks of large jobs, so that the service has its own for everything else. They are started with the
 * first such job and end with the last; until they are there, and where they cannot be, blocks are answered without them.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type AnsweredBlock, type BlockTask, transferable } from "./answer-block.ts";

export interface AnswerThreads {
  /** Starts them where they are not there. Returns what ends that. */
  hold(): () => void;
  /** Whether a block would soon be looked at; never where there are no threads. */
  hasRoom(): boolean;
  /**
   * @param prepare its place is taken from now on; the task's bytes are taken away
   * @returns undefined where the block must be answered otherwise
   */
  answer(prepare: () => Promise<BlockTask>): Promise<AnsweredBlock | undefined>;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  /** Blocks that are for it. */
  booked: number;
  /** What was sent and not answered, the oldest first. */
  readonly waiting: ((answered: AnsweredBlock | undefined) => void)[];
}

/** More than these have nothing to do: one thread reads and writes what three answer. */
const mostThreads = 3;
/** One that is answered, and one that waits. */
const blocksPerThread = 2;

/** @param log a line for `--verbose` */
export function makeAnswerThreads(log: (line: string) => void): AnswerThreads {
  const most = Math.min(mostThreads, availableParallelism());
  let threads: Thread[] = [];
  let holders = 0;
  let isBroken = most < 2;

  const end = (): void => {
    for (const { worker, waiting } of threads) {
      for (const settle of waiting.splice(0)) settle(undefined);
      void worker.terminate();
    }
    threads = [];
  };
  const start = (): Thread => {
    const worker = new Worker(new URL("./answer-worker.js", import.meta.url));
    const thread: Thread = { worker, isReady: false, booked: 0, waiting: [] };
    worker.unref();
    worker.on("message", (message: AnsweredBlock | "ready" | undefined) => {
      if (message === "ready") thread.isReady = true;
      else thread.waiting.shift()?.(message);
    });
    worker.on("error", (error) => {
      log(`answers are made without threads from now on: ${String(error)}`);
      isBroken = true;
      end();
    });
    return thread;
  };

  return {
    hold() {
      holders++;
      if (holders === 1 && !isBroken) threads = Array.from({ length: most }, start);
      return () => {
        holders--;
        if (holders === 0) end();
      };
    },
    hasRoom: () => threads.some(({ isReady, booked }) => isReady && booked < blocksPerThread),
    async answer(prepare) {
      const [thread] = threads.filter(({ isReady }) => isReady).sort((a, b) => a.booked - b.booked);
      if (thread === undefined) return undefined;
      thread.booked++;
      try {
        const task = await prepare();
        // It may have ended meanwhile, and would never answer.
        if (!threads.includes(thread)) return undefined;
        return await new Promise((resolve) => {
          thread.waiting.push(resolve);
          thread.worker.postMessage(task, transferable(task.bytes));
        });
      } finally {
        thread.booked--;
      }
    },
  };
}
