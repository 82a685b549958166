import { HalfpriceError } from "../foundation/errors/index.ts";
import type { JobLimits, Lane, RecordBlock, Shard } from "../foundation/types/index.ts";
import { cutShards, type JobBounds, toBounds } from "./cut-shards.ts";

/**
 * Cuts a table's records into shards: into jobs wherever jobs can be, on demand where not. Batch is the cheaper way, so the
 * most records that jobs can hold is the least cost. A table of the minimum or more goes into equal jobs whole, but for
 * limits that leave gaps (a maximum below twice the minimum) or records so large that a job of the minimum is too big.
 * @param hasBatch false where the model has none: then all is one shard, on demand
 * @throws RECORD_TOO_LARGE where one record alone is over the limit of a file
 */
export function cutLanes(
  blocks: readonly RecordBlock[],
  rowCount: number,
  limits: JobLimits,
  hasBatch: boolean,
): Shard[] {
  const recordCount = blocks.reduce((sum, block) => sum + block.recordCount, 0);
  if (!hasBatch || recordCount < limits.minRecordsPerJob) {
    return toShards(blocks, rowCount, [{ lane: "on_demand", until: blocks.length }]);
  }
  const bounds = toBounds(limits);
  const largest = Math.max(...blocks.map((block) => Math.ceil(block.sizeBytes / block.recordCount)));
  if (blocks.some((block) => block.recordCount === 1 && block.sizeBytes > bounds.maxBytes)) {
    throw new HalfpriceError("RECORD_TOO_LARGE", { sizeBytes: largest, limitBytes: bounds.maxBytes });
  }
  return cutShards(blocks, rowCount, bounds) ?? toShards(blocks, rowCount, findMostInJobs(blocks, bounds));
}

/** Blocks up to a number that go one way, in one shard. */
interface Stretch {
  readonly lane: Lane;
  /** Exclusive. */
  readonly until: number;
}

/**
 * The most records that jobs of neighbouring blocks can hold, in the fewest jobs: for each end of a job the best begin is
 * one of a window that moves on with it, so one walk over the blocks finds it.
 */
function findMostInJobs(blocks: readonly RecordBlock[], { minRecords, maxRecords, maxBytes }: JobBounds): Stretch[] {
  const records = sumUp(blocks.map((block) => block.recordCount));
  const bytes = sumUp(blocks.map((block) => block.sizeBytes));
  const at = (sums: readonly number[], index: number): number => sums[index] ?? 0;
  // Of the first n blocks: how many records are outside of jobs, how many jobs, and where the last stretch began.
  const best: { left: number; jobs: number; from: number; lane: Lane }[] = [
    { left: 0, jobs: 0, from: 0, lane: "batch" },
  ];
  const isBetter = (one: { left: number; jobs: number }, other: { left: number; jobs: number }): boolean =>
    one.left < other.left || (one.left === other.left && one.jobs < other.jobs);
  const get = (index: number): { left: number; jobs: number; from: number; lane: Lane } => {
    const found = best[index];
    if (found === undefined) throw new Error(`no cut was found of the first ${index} blocks`);
    return found;
  };
  /** Begins that may be the best of the window, the best first. */
  const begins: number[] = [];
  let entering = 0;
  let head = 0;
  for (let end = 1; end <= blocks.length; end += 1) {
    for (; entering < end && at(records, end) - at(records, entering) >= minRecords; entering += 1) {
      while (begins.length > head && !isBetter(get(begins.at(-1) ?? 0), get(entering))) begins.pop();
      begins.push(entering);
    }
    const isTooBig = (begin: number): boolean =>
      at(records, end) - at(records, begin) > maxRecords || at(bytes, end) - at(bytes, begin) > maxBytes;
    while (begins.length > head && isTooBig(begins[head] ?? 0)) head += 1;
    const before = get(end - 1);
    const alone = { left: before.left + (blocks[end - 1]?.recordCount ?? 0), jobs: before.jobs };
    const begin = begins[head];
    const job = begin === undefined ? undefined : { left: get(begin).left, jobs: get(begin).jobs + 1 };
    best.push(
      begin !== undefined && job !== undefined && isBetter(job, alone)
        ? { ...job, from: begin, lane: "batch" }
        : { ...alone, from: end - 1, lane: "on_demand" },
    );
  }
  const stretches: Stretch[] = [];
  for (let until = blocks.length; until > 0; until = get(until).from) {
    const { lane } = get(until);
    if (lane === "on_demand" && stretches[0]?.lane === "on_demand") continue;
    stretches.unshift({ lane, until });
  }
  return stretches;
}

function sumUp(numbers: readonly number[]): number[] {
  const sums = [0];
  for (const number of numbers) sums.push((sums.at(-1) ?? 0) + number);
  return sums;
}

function toShards(blocks: readonly RecordBlock[], rowCount: number, stretches: readonly Stretch[]): Shard[] {
  let at = 0;
  let fromByte = 0;
  return stretches.map(({ lane, until }, index) => {
    const own = blocks.slice(at, until);
    const fromRow = index === 0 ? 0 : (blocks[at]?.fromRow ?? rowCount);
    at = until;
    const toRow = index === stretches.length - 1 ? rowCount : (blocks[at]?.fromRow ?? rowCount);
    const recordCount = own.reduce((sum, block) => sum + block.recordCount, 0);
    const sizeBytes = own.reduce((sum, block) => sum + block.sizeBytes, 0);
    const shard = { index, lane, fromRow, toRow, recordCount, fromByte, sizeBytes };
    fromByte += sizeBytes;
    return shard;
  });
}
