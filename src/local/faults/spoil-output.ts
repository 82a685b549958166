/** What an output file becomes under a job's fault. */

const newline = 10;

/** The chunks with the last line cut in its middle and without its \n. Holds one chunk. */
export async function* cutLastLine(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (held === undefined) return;
  const start = held.lastIndexOf(newline, held.length - 2) + 1;
  yield held.subarray(0, start + Math.ceil((held.length - start) / 2));
}

/** Lines from a stream, so many at a time: what follows stays for the next one who asks. */
export interface LineSource {
  /** Up to so many lines; fewer only where there are no more. */
  take(lineCount: number): AsyncGenerator<Uint8Array, void>;
}

export function makeLineSource(chunks: AsyncGenerator<Uint8Array, void>): LineSource {
  let held: Uint8Array = new Uint8Array();
  return {
    async *take(lineCount) {
      let left = lineCount;
      while (left > 0) {
        if (held.length === 0) {
          const next = await chunks.next();
          if (next.done === true) return;
          held = next.value;
        }
        let end = 0;
        while (left > 0 && end < held.length) {
          const at = held.indexOf(newline, end);
          end = at < 0 ? held.length : at + 1;
          left--;
        }
        yield held.subarray(0, end);
        held = held.subarray(end);
      }
    },
  };
}
