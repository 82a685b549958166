/** Bodies that are small enough to hold: forms, XML documents, JSON. */
import type { Readable } from "node:stream";

/** Thrown where a body is longer than its reader takes. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`The body is longer than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}

/** @throws BodyTooLarge */
export async function readBody(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // A stream that is destroyed takes its socket along, and with it the answer that says what was wrong.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > limitBytes) throw new BodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
