import type { JobLimits, RecordBlock, Shard } from "../foundation/types/index.ts";

/** What one job holds. A job has one file, so the tighter of the two limits of each kind counts. */
export interface JobBounds {
  readonly minRecords: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** The limits of a job's records and bytes, as shards are cut by them. */
export function toBounds(limits: JobLimits): JobBounds {
  return {
    minRecords: limits.minRecordsPerJob,
    maxRecords: Math.min(limits.maxRecordsPerJob, limits.maxRecordsPerFile),
    maxBytes: Math.min(limits.maxFileSizeBytes, limits.maxJobSizeBytes),
  };
}

/** Where records differ much in size an even cut may need more jobs than the fewest; beyond so many more another way is taken. */
const triedMore = 40;

/**
 * Cuts all records into jobs: as few as the limits allow, and as equal in records as they can be, so that none falls under
 * the minimum because another was filled to the brim.
 * @returns undefined where no even cut keeps the limits
 */
export function cutShards(blocks: readonly RecordBlock[], rowCount: number, bounds: JobBounds): Shard[] | undefined {
  const { minRecords, maxRecords, maxBytes } = bounds;
  const recordCount = blocks.reduce((sum, block) => sum + block.recordCount, 0);
  const sizeBytes = blocks.reduce((sum, block) => sum + block.sizeBytes, 0);
  const fewest = Math.max(1, Math.ceil(recordCount / maxRecords), Math.ceil(sizeBytes / maxBytes));
  const most = Math.min(blocks.length, Math.floor(recordCount / Math.max(1, minRecords)), fewest + triedMore);
  const fits = (shard: Shard): boolean =>
    shard.recordCount >= minRecords && shard.recordCount <= maxRecords && shard.sizeBytes <= maxBytes;
  for (let count = fewest; count <= most; count += 1) {
    const shards = cutEvenly(blocks, rowCount, recordCount, count, maxRecords);
    if (shards.every(fits)) return shards;
  }
  return undefined;
}

function cutEvenly(
  blocks: readonly RecordBlock[],
  rowCount: number,
  recordCount: number,
  count: number,
  maxRecords: number,
): Shard[] {
  const shards: Shard[] = [];
  let at = 0;
  let done = 0;
  let fromByte = 0;
  for (let index = 0; index < count; index += 1) {
    const until = Math.floor((recordCount * (index + 1)) / count);
    const fromRow = index === 0 ? 0 : (blocks[at]?.fromRow ?? rowCount);
    let shardRecords = 0;
    let shardBytes = 0;
    // A block that reaches over the even share goes with it where it fits: else the last shard would get all leftovers.
    const fits = (block: RecordBlock): boolean =>
      done + block.recordCount <= until || (done < until && shardRecords + block.recordCount <= maxRecords);
    for (let block = blocks[at]; block !== undefined && fits(block); block = blocks[at]) {
      shardRecords += block.recordCount;
      shardBytes += block.sizeBytes;
      done += block.recordCount;
      at += 1;
    }
    const toRow = index === count - 1 ? rowCount : (blocks[at]?.fromRow ?? rowCount);
    const lane = "batch";
    shards.push({ index, lane, fromRow, toRow, recordCount: shardRecords, fromByte, sizeBytes: shardBytes });
    fromByte += shardBytes;
  }
  return shards;
}
