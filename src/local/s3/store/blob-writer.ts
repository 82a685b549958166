/** Writes one file: chunks are gathered, and written while the next ones arrive. */
import type { FileHandle } from "node:fs/promises";

export interface Writer {
  /** Waits only where the disk is slower than the source. */
  write(chunk: Uint8Array): Promise<void>;
  /** Writes the rest, flushes it to the disk and closes the file. @returns how many bytes there are */
  end(): Promise<number>;
  /** Closes the file, whatever happened. */
  abandon(): Promise<void>;
}

/** At most two of these are in memory for each file. */
const batchBytes = 1024 * 1024;

export function makeWriter(handle: FileHandle): Writer {
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let sizeBytes = 0;
  let writing: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    await writing;
    const chunks = gathered;
    const wantedBytes = gatheredBytes;
    gathered = [];
    gatheredBytes = 0;
    writing = writeAll(handle, chunks, wantedBytes);
    // It is awaited at the next flush; until then a failure must not end the process.
    writing.catch(() => undefined);
  };

  return {
    async write(chunk) {
      gathered.push(chunk);
      gatheredBytes += chunk.byteLength;
      sizeBytes += chunk.byteLength;
      if (gatheredBytes >= batchBytes) await flush();
    },
    async end() {
      await flush();
      await writing;
      await handle.datasync();
      await handle.close();
      return sizeBytes;
    },
    async abandon() {
      await writing.catch(() => undefined);
      await handle.close().catch(() => undefined);
    },
  };
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], wantedBytes: number): Promise<void> {
  if (wantedBytes === 0) return;
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === wantedBytes) return;
  // A short write: the rest goes out on its own.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  await writeAll(handle, [rest], rest.byteLength);
}
