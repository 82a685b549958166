/** The records of one input file, block by block: read ahead, answered in a mixed order at the job's pace. */
import { isAscii } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import { forgetTexts } from "../../models/answers/prompt-offer.ts";
import { makeRandom } from "../../random.ts";
import type { ObjectStore } from "../../s3/object-store.ts";
import type { Job } from "../job.ts";
import type { InputBlock, InputFile } from "../read-input.ts";
import { splitLines } from "../read-lines.ts";
import type { RunOptions } from "../run-options.ts";
import { type AnsweredBlock, takeRecords } from "./answer-block.ts";
import { decodeText, readByteText, writeByteText } from "./byte-text.ts";
import { inputOrder, mixOrder } from "./mix.ts";
import type { RecordTask } from "./record-task.ts";

export type Chunks = AsyncGenerator<Uint8Array, void>;

/** A block on its way. */
interface Piece {
  readonly block: InputBlock;
  readonly order: Uint32Array;
  readonly bytes: Promise<Buffer> | undefined;
  /** Set where a thread has it, which then may give it back. */
  readonly answered: Promise<AnsweredBlock | undefined> | undefined;
}

/** Blocks that are under way while one is written, where threads answer them. */
const ahead = 6;

/** The output of a file, until all of its records are answered or the pace ends. */
export async function* answerFile(job: Job, file: InputFile, firstRecord: number, options: RunOptions): Chunks {
  const { objects, pace, answer, ahead: threads, noteProgress, groupSize, fault } = options;
  const random = makeRandom(job.seed ^ firstRecord);
  const orderOf = (count: number): Uint32Array =>
    fault?.inOrder === true ? inputOrder(count) : mixOrder(count, random);
  const blocks = [...orderOf(file.blocks.length)].flatMap((index) => file.blocks[index] ?? []);
  const begin = (block: InputBlock): Piece => {
    const order = orderOf(block.recordCount);
    const read = (): Promise<Buffer> => readBlock(objects, file, block);
    const isAhead = threads !== undefined && pace.isOpen() && threads.hasRoom();
    const bytes = isAhead ? undefined : read();
    const answered = isAhead ? threads.answer(firstRecord + block.firstRecord, order, read) : undefined;
    // Nobody waits for them where the job is stopped meanwhile.
    bytes?.catch(() => undefined);
    answered?.catch(() => undefined);
    return { block, order, bytes, answered };
  };
  const pieces: Piece[] = [];
  let begun = 0;
  const fill = (): void => {
    for (let block = blocks[begun]; block !== undefined; block = blocks[begun]) {
      // The next block is read while this one is answered.
      if (pieces.length > 0 && !(pieces.length < ahead && threads?.hasRoom() === true && pace.isOpen())) return;
      begun++;
      pieces.push(begin(block));
    }
  };
  fill();
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    fill();
    const { block, order } = piece;
    const answered = await piece.answered;
    const take =
      answered === undefined
        ? answerHere((await piece.bytes) ?? (await readBlock(objects, file, block)), firstRecord + block.firstRecord)
        : undefined;
    for (let done = 0; done < order.length; ) {
      const granted = await pace.take(Math.min(groupSize, order.length - done));
      if (granted === 0) return;
      const lines =
        answered === undefined
          ? await take?.(order.subarray(done, done + granted))
          : takeRecords(answered, done, granted, job);
      done += granted;
      noteProgress();
      if (lines !== undefined) yield lines;
      await nextTurn();
    }
  }

  function answerHere(bytes: Buffer, first: number): (order: Uint32Array) => Promise<Uint8Array> {
    const lines = splitLines(readByteText(bytes));
    const texts = isAscii(bytes) ? lines : splitLines(decodeText(bytes));
    forgetTexts();
    return async (order) => {
      const answered: (string | Promise<string>)[] = [];
      for (const index of order) {
        const task: RecordTask = { bytes: lines[index] ?? "", text: texts[index] ?? "", index: first + index };
        answered.push(answer(task));
      }
      return writeByteText((await settle(answered)).join(""));
    };
  }
}

// Waits only where there is something to wait for: a promise per record would cost more than a simulated answer.
const settle = (answered: (string | Promise<string>)[]): string[] | Promise<string[]> =>
  answered.every((line) => typeof line === "string")
    ? answered
    : Promise.all(answered.map((line) => Promise.resolve(line)));

async function readBlock(objects: ObjectStore, file: InputFile, { startByte, endByte }: InputBlock): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of objects.read(file.bucket, file.key, { start: startByte, end: endByte - 1 })) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
