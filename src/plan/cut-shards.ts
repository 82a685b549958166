import { HalfpriceError } from "../errors.ts";
import type { JobLimits, RecordBlock, Shard } from "../types.ts";

/**
 * Cuts a table's records into jobs: as few as the limits allow, and as equal in records as they can be, so that none
 * falls under the minimum because another was filled to the brim. A job has one file.
 * @throws RECORD_TOO_LARGE where one record alone is over the limit of a file
 */
export function cutShards(blocks: readonly RecordBlock[], rowCount: number, limits: JobLimits): Shard[] {
  const recordCount = blocks.reduce((sum, block) => sum + block.recordCount, 0);
  const sizeBytes = blocks.reduce((sum, block) => sum + block.sizeBytes, 0);
  const maxRecords = Math.min(limits.maxRecordsPerJob, limits.maxRecordsPerFile);
  const maxBytes = Math.min(limits.maxFileSizeBytes, limits.maxJobSizeBytes);
  const fewest = Math.max(1, Math.ceil(recordCount / maxRecords), Math.ceil(sizeBytes / maxBytes));
  for (let count = fewest; count <= blocks.length; count += 1) {
    const shards = cutEvenly(blocks, rowCount, recordCount, count, maxRecords);
    if (shards.every((shard) => shard.recordCount <= maxRecords && shard.sizeBytes <= maxBytes)) return shards;
  }
  const largest = Math.max(...blocks.map((block) => Math.ceil(block.sizeBytes / block.recordCount)));
  throw new HalfpriceError("RECORD_TOO_LARGE", { sizeBytes: largest, limitBytes: maxBytes });
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
    shards.push({ index, fromRow, toRow, recordCount: shardRecords, fromByte, sizeBytes: shardBytes });
    fromByte += shardBytes;
  }
  return shards;
}
