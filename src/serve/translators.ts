import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { pMapIterable } from "p-map";
import { Tinypool } from "tinypool";
import { messages, requests, results, wake } from "./translate-worker.ts";

const translations = { messages, requests, results, wake };
type Translations = typeof translations;

/** The one thread that reads and writes for them keeps no more of them busy. */
const mostThreads = 4;

/** An idle thread ends after this time. A new one is slow until its code is compiled. */
const idleMs = 60_000;

/** The threads' file, beside this module as the package has it; where modules run as they are written, there is none. */
const workerFile = fileURLToPath(new URL("./translate-worker.js", import.meta.url));

/** Translates blocks of requests and answers, in threads where the machine has cores for them; else where it is called. */
export class Translators {
  readonly #threadCount: number;
  readonly #pool: Tinypool | undefined;

  /** @param threadCount fewer than two are none */
  constructor(threadCount: number = Math.min(mostThreads, availableParallelism())) {
    this.#threadCount = threadCount < 2 || !existsSync(workerFile) ? 0 : threadCount;
    if (this.#threadCount > 0) {
      const options = { minThreads: 0, maxThreads: threadCount, idleTimeout: idleMs };
      this.#pool = new Tinypool({ filename: workerFile, runtime: "worker_threads", ...options });
    }
  }

  /** Starts the threads, so that they are there when they are needed. */
  prepare(): void {
    if (this.#pool === undefined || this.#pool.threads.length > 0) return;
    // Where a thread cannot be started, the first block says so.
    for (let index = 0; index < this.#threadCount; index += 1)
      this.#pool.run({}, { name: "wake" }).catch(() => undefined);
  }

  /** One block. The task is copied, so it can be given again. */
  async run<Name extends keyof Translations>(
    name: Name,
    task: Parameters<Translations[Name]>[0],
  ): Promise<ReturnType<Translations[Name]>> {
    if (this.#pool !== undefined) return this.#pool.run(task, { name }) as Promise<ReturnType<Translations[Name]>>;
    const translate = translations[name] as (task: Parameters<Translations[Name]>[0]) => ReturnType<Translations[Name]>;
    return translate(task);
  }

  /** Works on items in parallel, two for each thread, so that none waits for its next one. Results are in the order of the items. */
  map<Item, Result>(items: AsyncIterable<Item>, work: (item: Item) => Promise<Result>): AsyncIterable<Result> {
    const concurrency = Math.max(1, 2 * this.#threadCount);
    return pMapIterable(items, work, { concurrency, backpressure: concurrency }) as AsyncIterable<Result>;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
