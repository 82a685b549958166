import { mkdirSync, rmSync } from "node:fs";
import { withMoreMemory } from "../engine/more-memory.ts";
import { commitFile } from "../foundation/commit-file.ts";
import type { InvocationType } from "../foundation/types/index.ts";
import { carriedTable, carryAnswers, findCarried } from "./carried-answers.ts";
import { countRows, cutParts, findRowBytes, type JoinedShard, type Part, type PartLimits } from "./cut-parts.ts";
import { withWorkers } from "./join-lanes.ts";
import { type MeasuredTable, measureRows } from "./measure-rows.ts";
import { openAnswers } from "./open-answers.ts";
import { openSlices } from "./open-slices.ts";
import { type AnswerReader, registerCheck } from "./read-answers.ts";
import { addLines, type CountedLines, noLines, type ResentShard, readCounted, readResent } from "./resent-answers.ts";
import type { ResultColumns } from "./result-columns.ts";
import { type SliceSource, writeSlice } from "./write-slice.ts";

/** What is joined. */
export interface JoinInput {
  readonly reader: AnswerReader;
  /** Reads what was sent again, where that is written in another way than the shards' own answers. @defaultValue reader */
  readonly resentReader?: AnswerReader;
  readonly columns: ResultColumns;
  /** The rows as they were frozen, and how they are cut. */
  readonly table: MeasuredTable;
  readonly cutRows: (fromRows: readonly number[]) => Promise<CutRows>;
  /** `records.parquet` and `duplicates.parquet` of the run. */
  readonly recordsFile: string;
  readonly duplicatesFile: string;
  /** Each shard with the output files of its jobs, the latest attempt last; none where it never ran. */
  readonly shards: readonly JoinedShard[];
  /** How the requests are written. */
  readonly invocation: InvocationType;
  /** What was sent again, in the order of the rounds. */
  readonly resent: readonly ResentShard[];
  /** Answers of earlier runs: Parquet with the columns of answers. */
  readonly earlierFiles: readonly string[];
  /** Where the table goes. */
  readonly target: string;
  /** For files in between; removed at the end. */
  readonly workDirectory: string;
  /** @defaultValue partLimits */
  readonly limits?: PartLimits;
}

/** Cuts of the rows: each is a relation of its own, until it is given back. */
export type CutRows = (index: number) => Promise<RowCut>;

interface RowCut {
  readonly relation: string;
  readonly remove: () => void;
}

/**
 * Joins the answers to the rows, part by part: a shard, or a part of a shard whose rows and answers are large. What is in
 * memory at a time is two parts. Every input row comes out once, in its order, with exactly one outcome. Writes to a temporary
 * name, then renames.
 */
export async function joinResults(input: JoinInput): Promise<CountedLines[]> {
  // A part that does not fit is joined with more memory, rather than not at all.
  return withMoreMemory(input.reader.engine, () => joinOnce(input));
}

async function joinOnce(input: JoinInput): Promise<CountedLines[]> {
  const { reader, workDirectory, shards } = input;
  const { engine } = reader;
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { recursive: true });
  registerCheck(reader);
  const found = await readResent(input.resentReader ?? reader, input.resent, input.earlierFiles);
  const rowBytes = await measureRows(engine, input.table, countRows(shards));
  const parts = cutParts(shards, rowBytes, input.invocation, input.limits);
  const source: SliceSource = { ...input, wasResent: input.resent.length + input.earlierFiles.length > 0 };
  const hasCarried = await findCarried(engine, parts, input);
  const answersOf = openAnswers(engine, input, workDirectory);
  const rowsOf = await input.cutRows(parts.map(({ fromRow }) => fromRow));
  const slices = await openSlices(input, parts.length, rowBytes);
  const counted = new Map(shards.map(({ shard: { index } }) => [index, noLines(index)]));

  /** Answers carried over from the parts before, and what is in the table. */
  let carrying: Promise<void> = Promise.resolve();
  let appended: Promise<void> = Promise.resolve();
  /** Begins with a part. It is called in the order of the parts, and what has to go by that order is chained at once. */
  const joinPart = (part: Part, at: number, lane: AnswerReader, answers: string): Promise<void> => {
    const reading = readPart(part, at, lane, answers);
    if (hasCarried) carrying = inTurn(carrying, reading, () => carryAnswers(lane.engine, part, answers));
    const carried = hasCarried && at > 0 ? carriedTable : undefined;
    const writing = inTurn(hasCarried ? carrying : Promise.resolve(), reading, async (rows) => {
      const slice = { part, rows: rows.relation, answers, carried, path: slices.pathOf(at), options: slices.options };
      await writeSlice(lane.engine, source, slice);
      rows.remove();
    });
    appended = inTurn(appended, writing, () => slices.append(at));
    return writing;
  };
  const readPart = async (part: Part, at: number, lane: AnswerReader, answers: string): Promise<RowCut> => {
    const { index } = part.joined.shard;
    const own = await answersOf(part);
    const [lines, rows] = await both(readCounted(lane, own.files, answers, part.joined.price), rowsOf(at));
    own.remove();
    counted.set(index, addLines(counted.get(index) ?? noLines(index), lines));
    return rows;
  };

  try {
    const joining = withWorkers(engine, parts, findRowBytes(shards, rowBytes), (part, at, lane, number) =>
      joinPart(part, at, { ...reader, engine: lane }, `answers_${number}`),
    );
    await Promise.allSettled([joining]);
    await Promise.allSettled([carrying, appended]);
    await joining;
    await appended;
    await slices.finish(engine);
  } finally {
    await slices.close();
  }
  commitFile(input.target);
  rmSync(workDirectory, { recursive: true, force: true });
  return [...found, ...counted.values()];
}

/** Acts when what goes before is done and what it needs is there; waits for both before either's failure is told. */
function inTurn<T>(before: Promise<void>, needed: Promise<T>, act: (value: T) => Promise<void>): Promise<void> {
  const done = both(before, needed).then(([, value]) => act(value));
  // It is looked at later, too late for the process not to take a failure for one that nobody looks at.
  done.catch(() => undefined);
  return done;
}

/** Nothing may run on in the engine when it is closed after a failure. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
