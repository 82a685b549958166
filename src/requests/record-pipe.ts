import { execFile } from "node:child_process";
import { closeSync, constants, createReadStream, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";

/**
 * Runs a writer that fills a file, and reads what it writes while it writes: through a named pipe where the system has
 * them, else through the file itself, afterwards.
 * @param path a name that is free; nothing is left there
 */
export async function readWhileWriting(
  path: string,
  write: (path: string) => Promise<void>,
  see: (chunk: Buffer) => void | Promise<void>,
): Promise<void> {
  rmSync(path, { force: true });
  try {
    if (!(await makePipe(path))) {
      await write(path);
      for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
        await see(chunk);
      }
      return;
    }
    // Held open for both ends: opening never waits for the other side, and the reader's end comes when this is closed,
    // whether the writer has come, gone or failed.
    const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const reading = readPipe(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), see);
    try {
      await write(path);
    } finally {
      closeSync(both);
      await reading;
    }
  } finally {
    rmSync(path, { force: true });
  }
}

async function makePipe(path: string): Promise<boolean> {
  if (process.platform === "win32") return false;
  try {
    await promisify(execFile)("mkfifo", ["-m", "600", path]);
    return true;
  } catch {
    return false;
  }
}

async function readPipe(descriptor: number, see: (chunk: Buffer) => void | Promise<void>): Promise<void> {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  for await (const chunk of socket as AsyncIterable<Buffer>) await see(chunk);
}
