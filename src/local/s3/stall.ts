/** A client that stops sending in the middle of a body: S3 waits a while, then says so instead of waiting for ever. */
import type { Readable } from "node:stream";

export interface StallWatch {
  readonly isStalled: boolean;
  /** To be called whenever bytes have come. */
  refresh(): void;
  end(): void;
}

/** How long S3 waits is not documented; unconfirmed, from reports of RequestTimeout after some twenty seconds. */
const patienceMs = 20_000;

/** Ends the body where nothing comes for too long; whoever reads it then sees that it is not whole. */
export function watchStall(body: Readable): StallWatch {
  let isStalled = false;
  const timer = setTimeout(() => {
    // Bytes are waiting: it is the disk that is slow, not the client.
    if (body.readableLength > 0 || body.readableEnded) {
      timer.refresh();
      return;
    }
    isStalled = true;
    // Destroying it would close the connection, and the answer could not be given.
    body.push(null);
  }, patienceMs);
  timer.unref();
  return {
    get isStalled() {
      return isStalled;
    },
    refresh: () => timer.refresh(),
    end: () => clearTimeout(timer),
  };
}
