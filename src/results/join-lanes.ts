import { availableParallelism } from "node:os";
import type { Engine } from "../engine/engine.ts";

/** Parts that are in work at a time; each has buffers of its own in the engine's memory. */
const laneCount = 2;

/**
 * Works on items side by side, each lane with a connection of its own; what is begun is begun in the order of the items. After
 * a failure nothing more is begun, and what runs is waited for.
 */
export async function inLanes<T>(
  engine: Engine,
  items: readonly T[],
  work: (item: T, index: number, lane: Engine, laneNumber: number) => Promise<void>,
): Promise<void> {
  const lanes = Math.min(laneCount, items.length);
  const cores = availableParallelism();
  // Threads that wait for each other on too few cores turn in circles, so the lanes share them. What the engine's allocator
  // keeps of freed memory counts as ours: by default up to half a gigabyte, with these limits 100 MB less at a peak.
  await engine.run(`
    SET threads = ${Math.max(1, Math.floor(cores / laneCount))};
    SET allocator_flush_threshold = '4MiB'; SET allocator_bulk_deallocation_flush_threshold = '16MiB';
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
  await engine.run(`SET threads = ${cores}; SET enable_external_file_cache = true`);
  await Promise.all(running);
}
