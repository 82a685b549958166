/** How the records of a job are answered. */
import type { JobFault } from "../faults/fault-plan.ts";
import type { ObjectStore } from "../s3/object-store.ts";
import type { AnsweredBlock } from "./answering/answer-block.ts";
import type { RecordRate } from "./answering/record-rate.ts";
import type { RecordTask } from "./answering/record-task.ts";
import type { InputFile } from "./read-input.ts";

/** What answers whole blocks before their turn. */
export interface BlockAnswerer {
  /** Whether a block would soon be looked at. */
  hasRoom(): boolean;
  /**
   * @param first the number of the block's first record in the whole job
   * @returns undefined where the block must be answered otherwise
   */
  answer(first: number, order: Uint32Array, read: () => Promise<Buffer>): Promise<AnsweredBlock | undefined>;
}

export interface RunOptions {
  readonly objects: ObjectStore;
  readonly files: readonly InputFile[];
  readonly pace: RecordRate;
  /** The output line of a record, with its \n, as byte text. Counts what it did. */
  readonly answer: (task: RecordTask) => string | Promise<string>;
  /** Answers blocks ahead of the pace, in threads; undefined where every record is answered by `answer`. */
  readonly ahead: BlockAnswerer | undefined;
  /** Called after each group. */
  readonly noteProgress: () => void;
  /** Records that are answered before others get their turn. */
  readonly groupSize: number;
  /** How the output differs from what it should be. */
  readonly fault: JobFault["output"];
  /** The KMS key of the output, by its ARN. */
  readonly outputKmsKey: string | undefined;
}
