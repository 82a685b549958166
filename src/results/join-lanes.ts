import type { Engine } from "../engine/engine.ts";

/** Parts that are in work at a time; each has buffers of its own in the engine's memory. */
const laneCount = 2;

/**
 * How much freed memory the engine's allocator may keep for later, of a thread and of a block: it counts as ours, by default up to
 * half a gigabyte. With these sizes a peak is 100 MB lower, for half a second of system time on a million rows. Half of them take
 * as much off again; only large rows get that, whose blocks are larger, so that the time does not show.
 */
const keptSizes = { small: ["4MiB", "16MiB"], large: ["2MiB", "8MiB"] } as const;
const largeRowBytes = 4096;

/**
 * Works on items side by side, each lane with a connection of its own; what is begun is begun in the order of the items. After
 * a failure nothing more is begun, and what runs is waited for.
 * @param rowBytes of a row with its answer, at about
 */
export async function withWorkers<T>(
  engine: Engine,
  items: readonly T[],
  rowBytes: number,
  work: (item: T, index: number, lane: Engine, laneNumber: number) => Promise<void>,
): Promise<void> {
  const lanes = Math.min(laneCount, items.length);
  const [now] = await engine.rows("SELECT current_setting('threads') AS threads");
  const threads = Number(now?.["threads"]);
  const [kept, keptBlock] = keptSizes[rowBytes > largeRowBytes ? "large" : "small"];
  // Threads that wait for each other on too few cores turn in circles, so the lanes share the engine's.
  await engine.run(`
    SET threads = ${Math.max(1, Math.floor(threads / laneCount))};
    SET allocator_flush_threshold = '${kept}'; SET allocator_bulk_deallocation_flush_threshold = '${keptBlock}';
    SET enable_external_file_cache = false`);
  let next = 0;
  const runLane = async (number: number): Promise<void> => {
    const lane = await engine.connect();
    try {
      for (let index = next; index < items.length; index = next) {
        next += 1;
        await work(items[index] as T, index, lane, number);
      }
    } catch (error) {
      next = items.length;
      throw error;
    } finally {
      lane.close();
    }
  };
  const running = Array.from({ length: lanes }, (_, number) => runLane(number));
  await Promise.allSettled(running);
  await engine.run(`SET threads = ${threads}; SET enable_external_file_cache = true`);
  await Promise.all(running);
}
