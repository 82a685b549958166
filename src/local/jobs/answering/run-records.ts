/**
 * What `InProgress` does: answers the records in a mixed order and writes one output file per input file. The input is read
 * a block at a time, the output goes to the store as fast as it takes it, and other work gets its turn in between.
 */
import { cutLastLine, makeLineSource } from "../../faults/spoil-output.ts";
import type { Job } from "../job.ts";
import { baseName, outputKey, parseS3Uri } from "../place.ts";
import type { InputFile } from "../read-input.ts";
import type { RunOptions } from "../run-options.ts";
import { answerFile, type Chunks } from "./answer-file.ts";

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
