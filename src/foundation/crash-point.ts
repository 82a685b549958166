import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Is told of every announced point of the work that it watches, by a name that is the same each time: just before and just
 * after each write of the ledger, each call to AWS, and each file that is put in its place. What it throws, or a process
 * that it ends, leaves things as a crash at that point would: so tests kill a run everywhere.
 */
export type PointWatcher = (point: string) => void;

const watchers = new AsyncLocalStorage<PointWatcher>();

/** Does some work under the eyes of a watcher; without one the work is the same. */
export function watchPoints<Result>(watcher: PointWatcher | undefined, work: () => Result): Result {
  return watcher === undefined ? work() : watchers.run(watcher, work);
}

/** Says that the work has come to a point at which a crash makes a difference. */
export function crashPoint(point: string): void {
  watchers.getStore()?.(point);
}
