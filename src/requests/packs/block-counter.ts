import type { RecordBlock } from "../../foundation/types/index.ts";
import { findBlockSize, type SentRecords } from "../measure-sent.ts";

/** Counts what is sent, and cuts it into blocks. */
export class BlockCounter {
  readonly #blocks: RecordBlock[] = [];
  readonly #size: number;
  #last = { fromRow: 0, recordCount: 0, sizeBytes: 0 };
  #sum = { records: 0, bytes: 0, longest: 0, longestRow: 0, tokens: 0 };

  /** @param expected how many are added, at about */
  constructor(expected: number) {
    this.#size = findBlockSize(Math.max(1, expected));
  }

  add(row: number, bytes: number, tokens: number): void {
    if (this.#last.recordCount === this.#size) this.#close();
    if (this.#last.recordCount === 0) this.#last.fromRow = row;
    this.#last.recordCount += 1;
    this.#last.sizeBytes += bytes;
    this.#sum.records += 1;
    this.#sum.bytes += bytes;
    this.#sum.tokens += tokens;
    if (bytes <= this.#sum.longest) return;
    this.#sum.longest = bytes;
    this.#sum.longestRow = row;
  }

  #close(): void {
    this.#blocks.push({ ...this.#last });
    this.#last = { fromRow: 0, recordCount: 0, sizeBytes: 0 };
  }

  finish(): SentRecords {
    if (this.#last.recordCount > 0) this.#close();
    const { records, bytes, longest, longestRow, tokens } = this.#sum;
    return {
      ...{ recordCount: records, sizeBytes: bytes, maxLineBytes: longest, longestRow },
      ...{ inputTokens: tokens, blocks: this.#blocks },
    };
  }
}
