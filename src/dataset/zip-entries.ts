import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";

/** A file in a ZIP archive, as its directory says (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3). */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly packedBytes: number;
  /** Of its header. */
  readonly offset: number;
}

const endMark = 0x06054b50;
const locatorMark = 0x07064b50;
const entryMark = 0x02014b50;
/** The end record, its comment, and the locator of the long form. */
const tailBytes = 22 + 65_535 + 20;
/** A directory is larger only where it was made to be. */
const mostDirectoryBytes = 64 * 1024 * 1024;

/** The files of an archive. @throws Error where it is none */
export async function readZipEntries(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes));
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== endMark) at -= 1;
    if (at < 0) throw new Error("it is no ZIP archive");
    let sizeBytes = tail.readUInt32LE(at + 12);
    let offset = tail.readUInt32LE(at + 16);
    if ((sizeBytes === 0xffffffff || offset === 0xffffffff) && at >= 20 && tail.readUInt32LE(at - 20) === locatorMark) {
      const long = await readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56);
      sizeBytes = Number(long.readBigUInt64LE(40));
      offset = Number(long.readBigUInt64LE(48));
    }
    if (sizeBytes > mostDirectoryBytes) throw new Error("its directory is too large");
    return parseDirectory(await readAt(file, offset, sizeBytes));
  } finally {
    await file.close();
  }
}

function parseDirectory(directory: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entryMark; ) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((from) => directory.readUInt16LE(at + from));
    const nameEnd = at + 46 + (nameBytes ?? 0);
    const extraEnd = nameEnd + (extraBytes ?? 0);
    const fields = [24, 20, 42].map((from) => directory.readUInt32LE(at + from));
    const [, packedBytes = 0, offset = 0] = takeLong(directory.subarray(nameEnd, extraEnd), fields);
    const name = directory.toString("utf8", at + 46, nameEnd);
    entries.push({ name, method: directory.readUInt16LE(at + 10), packedBytes, offset });
    at = extraEnd + (commentBytes ?? 0);
  }
  return entries;
}

/** Sizes and offset that have no room in 32 bits stand in an extra field, those alone, in this order. */
function takeLong(extra: Buffer, fields: readonly number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return fields.map((value) => {
      if (value !== 0xffffffff || from + 8 > extra.length) return value;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    });
  }
  return [...fields];
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** What is in a file of an archive, in pieces. @throws Error where it is packed in another way, or broken */
export async function* readZipEntry(path: string, { method, packedBytes, offset }: ZipEntry): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  let start: number;
  try {
    const header = await readAt(file, offset, 30);
    start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
  if (packedBytes === 0) return;
  const packed = createReadStream(path, { start, end: start + packedBytes - 1 });
  if (method === 0) return yield* packed as AsyncIterable<Buffer>;
  if (method !== 8) throw new Error(`it is packed by method ${method}`);
  const unpacked = createInflateRaw({ chunkSize: 256 * 1024 });
  packed.on("error", (error) => unpacked.destroy(error));
  yield* packed.pipe(unpacked) as AsyncIterable<Buffer>;
}
