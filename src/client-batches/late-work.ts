/** Work that is done a while after it came up, one piece at a time. */
export class LateWork<Item> {
  readonly #work: (item: Item) => Promise<void>;
  readonly #waiting = new Map<Item, NodeJS.Timeout>();
  #last: Promise<void> = Promise.resolve();

  /** @param work must not reject */
  constructor(work: (item: Item) => Promise<void>) {
    this.#work = work;
  }

  /** The process does not wait for it: `finish` does. */
  add(item: Item, afterMs: number): void {
    const timer = setTimeout(() => this.#begin(item), afterMs);
    timer.unref();
    this.#waiting.set(item, timer);
  }

  /** Does at once what waits. */
  async finish(): Promise<void> {
    for (const [item, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#begin(item);
    }
    await this.#last;
  }

  #begin(item: Item): void {
    this.#waiting.delete(item);
    this.#last = this.#last.then(() => this.#work(item));
  }
}
