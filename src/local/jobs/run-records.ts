/**
 * What `InProgress` does: answers the records in a mixed order and writes one output file per input file. The input is read
 * a block at a time, the output goes to the store as fast as it takes it, and other work gets its turn in between.
 */
import { isAscii } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobFault } from "../faults/fault-plan.ts";
import { cutLastLine, makeLineSource } from "../faults/spoil-output.ts";
import { makeRandom } from "../random.ts";
import type { ObjectStore } from "../s3/object-store.ts";
import { decodeText, readByteText, writeByteText } from "./byte-text.ts";
import type { Job } from "./job.ts";
import { inputOrder, mixOrder } from "./mix.ts";
import type { Pace } from "./pace.ts";
import { baseName, outputKey, parseS3Uri } from "./place.ts";
import type { InputBlock, InputFile } from "./read-input.ts";
import { splitLines } from "./read-lines.ts";

/** A record to answer. */
export interface RecordTask {
  /** Its line, without \n, as byte text. */
  readonly bytes: string;
  /** The same line as it is. */
  readonly text: string;
  /** Its number in the whole job, from 0, in the order of the input. */
  readonly index: number;
}

export interface RunOptions {
  readonly objects: ObjectStore;
  readonly files: readonly InputFile[];
  readonly pace: Pace;
  /** The output line of a record, with its \n, as byte text. Counts what it did. */
  readonly answer: (task: RecordTask) => string | Promise<string>;
  /** Called after each group. */
  readonly noteProgress: () => void;
  /** Records that are answered before others get their turn. */
  readonly groupSize: number;
  /** How the output differs from what it should be. */
  readonly fault: JobFault["output"];
  /** The KMS key of the output, by its ARN. */
  readonly outputKmsKey: string | undefined;
}

/** Answers a job's records until all are done or the pace ends. Files of which no record was answered are not written. */
export async function runRecords(job: Job, options: RunOptions): Promise<void> {
  let firstRecord = 0;
  for (const file of options.files) {
    const chunks = answerFile(job, file, firstRecord, options);
    const isAnswered = await writeFiles(job, file, chunks, options);
    if (!isAnswered) return;
    firstRecord += file.recordCount;
  }
}

/** Writes a file's output. False where none of its records was answered. */
async function writeFiles(
  job: Job,
  file: InputFile,
  chunks: Chunks,
  { objects, fault, outputKmsKey }: RunOptions,
): Promise<boolean> {
  const { bucket } = parseS3Uri(job.output.s3Uri);
  const name = baseName(file.key);
  const write = async (fileName: string, source: Chunks): Promise<boolean> => {
    const first = await source.next();
    if (first.done === true && file.recordCount > 0) return false;
    const whole = from(first, source);
    const bytes = fault?.cutLastLine === true ? cutLastLine(whole) : whole;
    await objects.write(bucket, outputKey(job.output.s3Uri, job.id, fileName), bytes, outputKmsKey);
    return true;
  };
  const count = fault?.files ?? 1;
  if (count === 1) return await write(`${name}.out`, chunks);
  const lines = makeLineSource(chunks);
  for (let index = 0; index < count; index++) {
    const source = lines.take(Math.ceil(file.recordCount / count));
    if (!(await write(`${name.replace(/\.jsonl$/, "")}-${index}.jsonl.out`, source))) return index > 0;
  }
  return true;
}

type Chunks = AsyncGenerator<Uint8Array, void>;

/** The first chunk and the rest; the next one is made while the one before is written. */
async function* from(first: IteratorResult<Uint8Array, void>, rest: Chunks): Chunks {
  let chunk = first;
  while (chunk.done !== true) {
    const next = rest.next();
    // Whoever writes may fail first and never ask for it.
    next.catch(() => undefined);
    yield chunk.value;
    chunk = await next;
  }
}

async function* answerFile(
  job: Job,
  file: InputFile,
  firstRecord: number,
  { objects, pace, answer, noteProgress, groupSize, fault }: RunOptions,
): Chunks {
  const random = makeRandom(job.seed ^ firstRecord);
  const orderOf = (count: number): Uint32Array =>
    fault?.inOrder === true ? inputOrder(count) : mixOrder(count, random);
  const blocks = [...orderOf(file.blocks.length)].flatMap((index) => file.blocks[index] ?? []);
  // The next block is read while this one is answered.
  const read = (at: number): Promise<Buffer> | undefined => {
    const block = blocks[at];
    const reading = block === undefined ? undefined : readBlock(objects, file, block);
    // Nobody waits for it where the job is stopped meanwhile.
    reading?.catch(() => undefined);
    return reading;
  };
  let reading = read(0);
  for (const [at, block] of blocks.entries()) {
    const bytes = (await reading) ?? Buffer.alloc(0);
    reading = read(at + 1);
    const lines = splitLines(readByteText(bytes));
    const texts = isAscii(bytes) ? lines : splitLines(decodeText(bytes));
    const order = orderOf(lines.length);
    for (let done = 0; done < order.length; ) {
      const granted = await pace.take(Math.min(groupSize, order.length - done));
      if (granted === 0) return;
      const answered: (string | Promise<string>)[] = [];
      for (const lineIndex of order.subarray(done, done + granted)) {
        const index = firstRecord + block.firstRecord + lineIndex;
        answered.push(answer({ bytes: lines[lineIndex] ?? "", text: texts[lineIndex] ?? "", index }));
      }
      done += granted;
      const written = (await settle(answered)).join("");
      noteProgress();
      yield writeByteText(written);
      await nextTurn();
    }
  }
}

// Waits only where there is something to wait for: a promise per record would cost more than a rehearsed answer.
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
