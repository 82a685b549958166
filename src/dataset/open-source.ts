import { createReadStream, type ReadStream, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { readSheet } from "./read-sheet.ts";
import { UnpackLimit } from "./unpack-limit.ts";

/** What is read at a time. */
export const chunkBytes = 1024 * 1024;

/** The bytes of a table: a `.gz` or `.zst` is unpacked, a sheet of an `.xlsx` is given as CSV. @throws BROKEN_TABLE, BAD_OPTIONS where there is no such sheet */
export function openSource(path: string, sheet?: string): AsyncIterable<Buffer> {
  if (/\.gz$/i.test(path)) return tell(path, "a whole gzip file", gunzip(path));
  if (/\.zstd?$/i.test(path)) return tell(path, "a whole Zstandard file", unzstd(path));
  if (/\.xlsx$/i.test(path))
    return tell(path, "an Excel workbook that is not protected by a password", sheetBytes(path, sheet));
  return readBytes(path);
}

/** @throws BROKEN_TABLE instead of what an unpacker throws; errors of the disk stay what they are */
async function* tell(path: string, expected: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (cause) {
    const isOfDisk = /^E[A-Z]+$/.test(String((cause as NodeJS.ErrnoException).code));
    if (isOfDisk || isError(cause)) throw cause;
    const problem = `it cannot be unpacked (${(cause as Error).message})`;
    throw new HalfpriceError("BROKEN_TABLE", { path, problem, expected }, { cause });
  }
}

/** The file is open from here on: whoever calls this has to read it. */
function readBytes(path: string): ReadStream & AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: chunkBytes }) as ReadStream & AsyncIterable<Buffer>;
}

async function* gunzip(path: string): AsyncGenerator<Buffer> {
  const limit = new UnpackLimit(path, statSync(path).size);
  const source = readBytes(path);
  const unzip = createGunzip({ chunkSize: chunkBytes });
  source.on("error", (error) => unzip.destroy(error));
  try {
    for await (const chunk of source.pipe(unzip) as AsyncIterable<Buffer>) {
      limit.add(chunk.length);
      yield chunk;
    }
  } finally {
    source.destroy();
  }
}

/** Node has Zstandard of its own from 22.15 on; a package reads it everywhere. */
async function* unzstd(path: string): AsyncGenerator<Buffer> {
  const { Decompress } = await import("fzstd");
  const limit = new UnpackLimit(path, statSync(path).size);
  let ready: Buffer[] = [];
  const unpacker = new Decompress((data) => {
    // A few bytes may unpack to gigabytes in one go.
    limit.add(data.length);
    ready.push(Buffer.from(data));
  });
  const take = (): Buffer[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of readBytes(path)) {
    unpacker.push(chunk);
    yield* take();
  }
  unpacker.push(new Uint8Array(0), true);
  yield* take();
}

async function* sheetBytes(path: string, sheet: string | undefined): AsyncGenerator<Buffer> {
  let text = "";
  for await (const line of readSheet(path, sheet)) {
    text += line;
    if (text.length < chunkBytes) continue;
    yield Buffer.from(text, "utf8");
    text = "";
  }
  yield Buffer.from(text, "utf8");
}
