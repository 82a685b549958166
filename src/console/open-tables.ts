import { openRun, type RunComparison, type RunTable, type SessionOptions } from "../index.ts";

/** What has to be closed when nobody looks at it any more. */
interface Closable {
  close(): void | Promise<void>;
}

interface Opened {
  readonly key: string;
  readonly opening: Promise<Closable>;
  userCount: number;
}

/**
 * The table that pages look at. Each has an engine of its own, with up to 280 MiB: the one that was looked at last stays open, and no
 * other, once who still reads from it has its rows.
 */
export class OpenTables {
  readonly #session: SessionOptions;
  #current: Opened | undefined;

  constructor(session: SessionOptions) {
    this.#session = session;
  }

  /** Reads from the table of a run that has ended. @throws UNKNOWN_RUN, NO_RESULTS, RUN_CLEANED, DAMAGED_FILE */
  withTable<Result>(id: string, work: (table: RunTable) => Promise<Result>): Promise<Result> {
    return this.#with(`table ${id}`, async () => (await openRun(id, this.#session)).table(), work);
  }

  /** Reads from the differing rows of two runs. @throws the same, and BAD_OPTIONS where the tables differ */
  withComparison<Result>(
    [one, other, answer]: readonly [one: string, other: string, answer: string],
    work: (comparison: RunComparison) => Promise<Result>,
  ): Promise<Result> {
    const open = async (): Promise<RunComparison> => {
      const second = await openRun(other, this.#session);
      return (await openRun(one, this.#session)).compare(second, answer);
    };
    return this.#with(`compare ${one} ${other} ${answer}`, open, work);
  }

  /** Lets go of what is open. A run's table may be written anew. */
  close(): void {
    const last = this.#current;
    this.#current = undefined;
    if (last !== undefined) this.#closeUnused(last);
  }

  async #with<Table extends Closable, Result>(
    key: string,
    open: () => Promise<Table>,
    work: (table: Table) => Promise<Result>,
  ): Promise<Result> {
    if (this.#current?.key !== key) {
      this.close();
      this.#current = { key, opening: open(), userCount: 0 };
    }
    const opened = this.#current;
    opened.userCount += 1;
    try {
      return await work((await opened.opening) as Table);
    } catch (error) {
      // What could not be opened is tried anew the next time.
      if (this.#current === opened && (await isFailed(opened.opening))) this.#current = undefined;
      throw error;
    } finally {
      opened.userCount -= 1;
      if (this.#current !== opened) this.#closeUnused(opened);
    }
  }

  #closeUnused({ opening, userCount }: Opened): void {
    if (userCount > 0) return;
    void opening.then((table) => table.close()).catch(() => undefined);
  }
}

const isFailed = (opening: Promise<unknown>): Promise<boolean> =>
  opening.then(
    () => false,
    () => true,
  );
