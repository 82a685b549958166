import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { TextDecoder } from "node:util";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { DialectOptions } from "../foundation/options/dialect-options.ts";
import type { TableFormat } from "../foundation/types/index.ts";
import { findDelimiter } from "./csv-header.ts";
import { chunkBytes, openSource } from "./open-source.ts";
import { type BreakMarks, QuotedBreaks } from "./quoted-breaks.ts";
import { TableHead } from "./table-head.ts";
import { refuseEncoding, Utf8Check } from "./utf8-check.ts";

/** A copy of a table's file, and what was seen on the way. */
export interface CopiedTable {
  /** SHA-256 of the source's bytes, hex: processors have instructions for it. */
  readonly contentHash: string;
  readonly sizeBytes: number;
  /** Bytes of the longest row. */
  readonly longestRowBytes: number;
  /** Line feeds and carriage returns inside quoted cells, which the copy has as marks. */
  readonly feedCount: number;
  readonly returnCount: number;
  /** The file has one of the marks as a letter of its own: the copy is not to be used. */
  readonly collides: boolean;
  /** Some rows of a CSV end in CR LF and some in LF, which the engine takes for a broken file. */
  readonly hasMixedEnds: boolean;
  /** The delimiter that the file or the user names. */
  readonly delimiter?: string;
  /** Lines that the source has more than the copy, before the names of columns. */
  readonly lineOffset: number;
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a file once: hashes it, checks that a text is UTF-8 (UTF-16 with a byte order mark is converted), marks line breaks
 * inside the quoted cells of a CSV, and writes a copy where `target` is given. The copy has no byte order mark.
 * @param dialect what is known of how the file is written
 * @param hasPlainEnds the copy's rows end in LF, whatever the source's end in
 * @throws BAD_ENCODING
 */
export async function copyTable(
  path: string,
  target: string | undefined,
  format: TableFormat,
  marks: BreakMarks,
  dialect: DialectOptions = {},
  hasPlainEnds = false,
): Promise<CopiedTable> {
  const hash = createHash("sha256");
  const out = target === undefined ? undefined : createWriteStream(target, { highWaterMark: 4 * chunkBytes });
  const check = format === "parquet" ? undefined : new Utf8Check();
  const isCsv = format === "csv" || format === "tsv";
  const { quote = '"' } = dialect;
  const head = isCsv ? new TableHead(dialect, format) : undefined;
  const rows = new RowLengths();
  const ends = new RowEnds();
  let breaks: QuotedBreaks | undefined;
  let sizeBytes = 0;
  let decoder: TextDecoder | undefined;
  const copy = async (read: Buffer): Promise<void> => {
    let chunk = read;
    if (check !== undefined && chunk.length > 0) {
      if (isCsv && quote !== "") {
        const start = chunk.toString("utf8", 0, 65_536);
        breaks ??= new QuotedBreaks(head?.delimiter ?? findDelimiter(start, format, quote) ?? ",", marks, quote);
        breaks.mark(chunk);
      }
      rows.see(chunk);
      if (isCsv && hasPlainEnds) chunk = ends.strip(chunk);
    }
    if (out?.write(chunk) === false) await once(out, "drain");
  };
  for await (const read of openSource(path, dialect.sheet)) {
    let chunk = read;
    hash.update(chunk);
    if (check !== undefined) {
      if (sizeBytes === 0) decoder = findDecoder(chunk, dialect.encoding);
      if (decoder !== undefined) chunk = decode(path, decoder, read);
      else if (sizeBytes === 0 && chunk.subarray(0, 3).equals(utf8Mark)) chunk = chunk.subarray(3);
      const fault = check.findFault(chunk);
      if (fault !== undefined) await refuseEncoding(path, fault);
      if (head !== undefined) chunk = head.take(chunk);
    }
    await copy(chunk);
    sizeBytes += read.length;
  }
  if (head !== undefined) await copy(head.end());
  const cutAt = check?.findCutEnd();
  if (cutAt !== undefined) await refuseEncoding(path, cutAt);
  if (out !== undefined) {
    out.end(ends.rest());
    await finished(out);
  }
  return {
    contentHash: hash.digest("hex"),
    sizeBytes,
    longestRowBytes: rows.longest,
    feedCount: breaks?.feedCount ?? 0,
    returnCount: breaks?.returnCount ?? 0,
    collides: breaks?.collides ?? false,
    hasMixedEnds: isCsv && rows.plainCount > 0 && rows.returnCount > 0,
    ...defined({ delimiter: head?.delimiter }),
    lineOffset: head?.lineOffset ?? 0,
  };
}

/** @param encoding what the user says that the file has; a byte order mark knows better */
function findDecoder(start: Buffer, encoding: string | undefined): TextDecoder | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le");
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be");
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return undefined;
  return new TextDecoder(encoding, { fatal: true });
}

/** @throws BAD_ENCODING where the bytes are not of the encoding that was named */
function decode(path: string, decoder: TextDecoder, bytes: Buffer): Buffer {
  try {
    return Buffer.from(decoder.decode(bytes, { stream: true }), "utf8");
  } catch (cause) {
    throw new HalfpriceError("BAD_ENCODING", { path, encoding: decoder.encoding }, { cause });
  }
}

/** The longest line, and how lines end, of chunks that cut lines anywhere. */
class RowLengths {
  #open = 0;
  #lastByte = 0;
  longest = 0;
  /** Lines that end in LF, and in CR LF. */
  plainCount = 0;
  returnCount = 0;

  see(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      this.longest = Math.max(this.longest, this.#open + at - from);
      if ((at === 0 ? this.#lastByte : bytes[at - 1]) === 13) this.returnCount += 1;
      else this.plainCount += 1;
      this.#open = 0;
      from = at + 1;
    }
    this.#open += bytes.length - from;
    this.longest = Math.max(this.longest, this.#open);
    this.#lastByte = bytes.at(-1) ?? this.#lastByte;
  }
}

/** Takes the carriage return off the ends of rows; breaks inside of cells are marks by now. */
class RowEnds {
  /** The chunk before ended in a carriage return, whose line feed may follow. */
  #hasReturn = false;

  strip(bytes: Buffer): Buffer {
    if (bytes.length === 0) return bytes;
    const out = Buffer.allocUnsafe(bytes.length + 1);
    let size = 0;
    if (this.#hasReturn && bytes[0] !== 10) size = out.writeUInt8(13, 0);
    this.#hasReturn = bytes.at(-1) === 13;
    const end = this.#hasReturn ? bytes.length - 1 : bytes.length;
    let from = 0;
    for (let at = bytes.indexOf("\r\n"); at !== -1 && at < end; at = bytes.indexOf("\r\n", from)) {
      size += bytes.copy(out, size, from, at);
      from = at + 1;
    }
    size += bytes.copy(out, size, from, end);
    return out.subarray(0, size);
  }

  /** What the last chunk held back. */
  rest(): Buffer {
    return Buffer.from(this.#hasReturn ? "\r" : "");
  }
}
