import { createReadStream } from "node:fs";
import { splitInputLine } from "../lines/line-format.ts";
import type { AskedRecord } from "./ask-records.ts";

/** Where lines of records are in a file. */
export interface LineRange {
  readonly path: string;
  readonly fromByte: number;
  readonly sizeBytes: number;
}

/**
 * Reads lines that end with a line feed, and with nothing else: texts may hold U+2028 or a carriage return as they are. A
 * rest without a line feed is left out.
 */
export async function* readLines({ path, fromByte, sizeBytes }: LineRange): AsyncGenerator<Buffer> {
  if (sizeBytes === 0) return;
  const input = createReadStream(path, { start: fromByte, end: fromByte + sizeBytes - 1, highWaterMark: 1024 * 1024 });
  let rest: Buffer[] = [];
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let at = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, at)) {
        const line = chunk.subarray(at, end);
        yield rest.length === 0 ? line : Buffer.concat([...rest, line]);
        rest = [];
        at = end + 1;
      }
      if (at < chunk.length) rest.push(chunk.subarray(at));
    }
  } finally {
    input.destroy();
  }
}

/** Reads the records of a range of a job's input. */
export async function* readRecords(
  range: LineRange,
  isWanted: (recordId: string) => boolean = () => true,
): AsyncGenerator<AskedRecord> {
  for await (const line of readLines(range)) {
    const record = splitInputLine(line.toString("utf8"));
    if (record === undefined) throw new Error(`a line of ${range.path} is not as it was written`);
    if (isWanted(record.recordId)) yield record;
  }
}
