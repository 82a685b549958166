/** A client that stops sending in the middle of a body: S3 waits a while, then says so instead of waiting for ever. */
import type { Readable } from "node:stream";
import { S3Error } from "./errors.ts";

/** How long S3 waits is not documented; unconfirmed, from reports of RequestTimeout after some twenty seconds. */
const patienceMs = 20_000;

/**
 * The chunks of a body. Only the time in which a chunk is awaited counts: a slow disk is not a slow client.
 * @throws S3Error RequestTimeout
 */
export async function* readPatiently(body: Readable): AsyncGenerator<Buffer> {
  // A stream that is destroyed takes its socket along, and with it the answer that says what was wrong.
  const chunks = (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let giveUp: (() => void) | undefined;
  const timer = setTimeout(() => giveUp?.(), patienceMs);
  timer.unref();
  try {
    for (;;) {
      const next = chunks.next();
      timer.refresh();
      const result = await new Promise<IteratorResult<Buffer, unknown>>((resolve, reject) => {
        // Where the client is not waited for any longer, nor should its connection be.
        giveUp = () => reject(new S3Error("RequestTimeout", { headers: { connection: "close" } }));
        next.then(resolve, reject);
      });
      giveUp = undefined;
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    clearTimeout(timer);
  }
}
