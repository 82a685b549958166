import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteList, quoteText, rowGroups, writeOptions } from "../engine/sql.ts";
import { DifferentFooterError, openConcatenation } from "../parquet/concatenate.ts";
import { findRowBytes, type JoinedShard } from "./cut-parts.ts";

/** The slices of a table of results, and the one file that they become. */
export interface Slices {
  /** Where a slice is written. */
  pathOf(index: number): string;
  /** The writer's options, which are those of the whole file. */
  readonly options: string;
  /** Takes a slice that was written; called in the order of the slices. */
  append(index: number): Promise<void>;
  /** Makes the file whole. */
  finish(engine: Engine): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes `<target>.tmp` of slices; a single slice is written there at once.
 * @param rowBytes of a row without its answer
 */
export async function openSlices(
  { target, workDirectory, shards }: { target: string; workDirectory: string; shards: readonly JoinedShard[] },
  count: number,
  rowBytes: number,
): Promise<Slices> {
  const options = `${writeOptions.parquet}, ${rowGroups(findRowBytes(shards, rowBytes))}`;
  const whole = `${target}.tmp`;
  const nothing = (): Promise<void> => Promise.resolve();
  if (count === 1) return { pathOf: () => whole, options, append: nothing, finish: nothing, close: nothing };
  const pathOf = (index: number): string => join(workDirectory, `slice-${String(index).padStart(6, "0")}.parquet`);
  const file = await openConcatenation(whole);
  let hasDifferent = false;
  return {
    pathOf,
    options,
    async append(index) {
      if (hasDifferent) return;
      try {
        await file.append(pathOf(index));
      } catch (error) {
        if (!(error instanceof DifferentFooterError)) throw error;
        // A column's extent in space stands in the footer, and variants are laid out by what they hold.
        hasDifferent = true;
      }
    },
    async finish(engine) {
      if (!hasDifferent) {
        await file.finish();
        return;
      }
      await file.close();
      rmSync(whole);
      const slices = Array.from({ length: count }, (_, index) => pathOf(index));
      await engine.run(`COPY (SELECT * FROM read_parquet(${quoteList(slices)})) TO ${quoteText(whole)} (${options})`);
    },
    close: () => file.close(),
  };
}
