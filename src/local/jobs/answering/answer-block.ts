/**
 * A block of a job's input, answered whole and ahead of its turn, in a thread of its own. It counts for the job only record by
 * record, when the job's pace comes to it.
 */
import { isAscii } from "node:buffer";
import { noFaults } from "../../faults/faults.ts";
import { simulatedAnswers } from "../../models/answers/answers.ts";
import { forgetTexts } from "../../models/answers/prompt-offer.ts";
import type { Model } from "../../models/model.ts";
import type { Job, RecordCounts } from "../job.ts";
import { splitLines } from "../read-lines.ts";
import { makeRecordAnswerer } from "./answer-record.ts";
import { decodeText, readByteText, writeByteText } from "./byte-text.ts";
import { mayNameMedia } from "./media.ts";

/** What a thread is sent: all of it can be cloned. */
export interface BlockTask {
  readonly job: Job;
  readonly model: Model;
  readonly invokeProblem: string | undefined;
  readonly bytes: Uint8Array;
  /** The number of the block's first record in the whole job. */
  readonly firstRecord: number;
  /** In which order the records are answered. */
  readonly order: Uint32Array;
  readonly nowMs: number;
}

/** The output lines of a block, and what each of them counts. */
export interface AnsweredBlock {
  readonly bytes: Uint8Array;
  /** Four numbers a record: where its line ends, whether it was a success (1 or 0), its input tokens, its output tokens. */
  readonly records: Uint32Array;
}

const perRecord = 4;

/** @returns undefined where a record needs more than a simulated answer: media in S3 */
export function answerBlock(task: BlockTask): AnsweredBlock | undefined {
  const { model, invokeProblem, firstRecord, order, nowMs } = task;
  const bytes = Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength);
  const byteText = readByteText(bytes);
  if (mayNameMedia(byteText)) return undefined;
  const lines = splitLines(byteText);
  if (lines.length !== order.length) return undefined;
  const texts = isAscii(bytes) ? lines : splitLines(decodeText(bytes));
  const counts: RecordCounts = { total: 0, success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
  const answer = makeRecordAnswerer(
    { ...task.job, counts },
    {
      ...{ model, answers: simulatedAnswers, invokeProblem, faults: noFaults, journal: undefined },
      nowMs: () => nowMs,
      findMediaProblem: () => Promise.resolve(undefined),
    },
  );
  forgetTexts();
  const records = new Uint32Array(order.length * perRecord);
  let written = "";
  let at = 0;
  for (const index of order) {
    const { success, inputTokens, outputTokens } = counts;
    const line = answer({ bytes: lines[index] ?? "", text: texts[index] ?? "", index: firstRecord + index });
    if (typeof line !== "string") return undefined;
    written += line;
    records[at++] = written.length;
    records[at++] = counts.success - success;
    records[at++] = counts.inputTokens - inputTokens;
    records[at++] = counts.outputTokens - outputTokens;
  }
  return { bytes: writeByteText(written), records };
}

/** Books some of a block's records on the job, in their order. @returns their lines */
export function takeRecords({ bytes, records }: AnsweredBlock, from: number, count: number, job: Job): Uint8Array {
  const { counts } = job;
  for (let at = from * perRecord; at < (from + count) * perRecord; at += perRecord) {
    const success = records[at + 1] ?? 0;
    counts.success += success;
    counts.error += 1 - success;
    counts.inputTokens += records[at + 2] ?? 0;
    counts.outputTokens += records[at + 3] ?? 0;
  }
  const endOf = (record: number): number => (record < 0 ? 0 : (records[record * perRecord] ?? 0));
  return bytes.subarray(endOf(from - 1), endOf(from + count - 1));
}

/** What of some bytes can be handed to another thread instead of copied: only memory that nothing else lies in. */
export const transferable = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
