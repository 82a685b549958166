import { statSync } from "node:fs";
import type { InvocationType, Shard, TokenPrice } from "../foundation/types/index.ts";

/** A shard and the files of its answers. */
export interface JoinedShard {
  readonly shard: Shard;
  readonly files: readonly string[];
  /** What its tokens cost; undefined where the price is not known. */
  readonly price: TokenPrice | undefined;
}

/** Rows that are joined with their answers at a time: a shard, or a part of one with large rows or answers. */
export interface Part {
  readonly fromRow: number;
  readonly toRow: number;
  readonly joined: JoinedShard;
  /** Of the parts of its shard the how many, from 0; how many there are, and of how many rows each but the last. */
  readonly index: number;
  readonly count: number;
  readonly rowsEach: number;
}

/** What a part may have in bytes, at about. */
export interface PartLimits {
  /** Of rows and answers; they pass through. */
  readonly sizeBytes: number;
  /** Of answers alone: the engine holds them as a table, joined and in order, each time whole. */
  readonly answerBytes: number;
}

/** How large a part of a shard may be that is joined at once. */
export const partLimits: PartLimits = { sizeBytes: 144 * 1024 * 1024, answerBytes: 24 * 1024 * 1024 };

/**
 * What an output line has besides request and answer: names, ids, stop reason, usage. As in the benchmark's lines, and in those of Converse,
 * where every member that a block or an answer does not have is written as null (sources#output-lines); unconfirmed for others.
 */
const frameBytes: Readonly<Record<InvocationType, number>> = { InvokeModel: 250, Converse: 550 };

/**
 * Cuts shards into parts whose answers fit into memory. An output line repeats its request, so what an output has more is its
 * answers; a request mostly repeats its row, but may leave out the longest of it.
 * @param rowBytes of a row, as it is frozen
 */
export function cutParts(
  shards: readonly JoinedShard[],
  rowBytes: number,
  invocation: InvocationType,
  limits: PartLimits = partLimits,
): Part[] {
  return shards.flatMap((joined): Part[] => {
    const { fromRow, toRow } = joined.shard;
    const rowCount = toRow - fromRow;
    const { sizeBytes, recordCount } = joined.shard;
    const outputBytes = sizeOf(joined.files);
    const answerBytes = outputBytes - sizeBytes - recordCount * frameBytes[invocation];
    const joinedBytes = rowCount * rowBytes + Math.max(0, answerBytes);
    const wanted = Math.max(
      Math.ceil(Math.max(sizeBytes, outputBytes, joinedBytes) / limits.sizeBytes),
      Math.ceil(answerBytes / limits.answerBytes),
    );
    const rowsEach = Math.max(1, Math.ceil(rowCount / Math.max(1, wanted)));
    const count = Math.max(1, Math.ceil(rowCount / rowsEach));
    return Array.from({ length: count }, (_, index) => ({
      fromRow: fromRow + index * rowsEach,
      toRow: Math.min(toRow, fromRow + (index + 1) * rowsEach),
      joined,
      index,
      count,
      rowsEach,
    }));
  });
}

/** Bytes of a row with its answer, at about: an output line repeats the request, which makes up for what is packed. */
export function findRowBytes(shards: readonly JoinedShard[], rowBytes: number): number {
  const rowCount = countRows(shards);
  const requestBytes = shards.reduce((sum, { shard }) => sum + shard.sizeBytes, 0);
  const outputBytes = shards.reduce((sum, { files }) => sum + sizeOf(files), 0);
  return (Math.max(requestBytes, rowCount * rowBytes) + outputBytes) / Math.max(1, rowCount);
}

/** The rows of some parts together. */
export function countRows(shards: readonly JoinedShard[]): number {
  return shards.reduce((sum, { shard }) => sum + shard.toRow - shard.fromRow, 0);
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, path) => sum + statSync(path).size, 0);
}
