import { type FileHandle, open } from "node:fs/promises";
import {
  readStruct,
  type ThriftField,
  type ThriftStruct,
  type ThriftValue,
  thriftTypes,
  writeStruct,
} from "./thrift-compact.ts";

/** One Parquet file that is made of others, whose row groups follow each other byte for byte. */
export interface ParquetConcatenation {
  /**
   * Puts the row groups of a file behind those that are there.
   * @throws DifferentFooterError where the file says something else of itself than the first one; then nothing was added
   */
  append(source: string): Promise<void>;
  /** Writes the footer. */
  finish(): Promise<void>;
  /** Has to be called in any case. */
  close(): Promise<void>;
}

/** Two Parquet files differ in their schema, or in what else their footers say of the whole file. */
export class DifferentFooterError extends Error {}

const magic = Buffer.from("PAR1");
const copyBytes = 4 * 1024 * 1024;

/**
 * Opens a Parquet file to be made of others. They must have the same schema and be written by the same writer with the same
 * options; pages, dictionaries, Bloom filters and indexes are copied as they are, and only their places in the file are
 * written anew.
 */
export async function openConcatenation(target: string): Promise<ParquetConcatenation> {
  const file = await open(target, "w", 0o600);
  /** What the first footer says of the file, and its bytes. */
  let head: { readonly fields: ThriftStruct; readonly bytes: Buffer } | undefined;
  /** As bytes: a tree of all their fields would be many times as large. */
  const rowGroups: Buffer[] = [];
  let rowCount = 0n;
  let sizeBytes = magic.length;
  await file.writeFile(magic);
  return {
    async append(path) {
      const source = await open(path, "r");
      try {
        const { fields, endOfData } = await readFooter(source, path);
        const ofFile = fields.filter(({ id }) => id !== ofMetadata.rowCount && id !== ofMetadata.rowGroups);
        const bytes = writeStruct(ofFile);
        head ??= { fields, bytes };
        if (!bytes.equals(head.bytes)) {
          throw new DifferentFooterError(`${path} has another schema than the files before it`);
        }
        const shift = BigInt(sizeBytes - magic.length);
        for (const group of listOf(fields, ofMetadata.rowGroups)) {
          rowGroups.push(writeStruct(moveRowGroup(group as ThriftStruct, shift, rowGroups.length)));
        }
        rowCount += integerOf(fields, ofMetadata.rowCount);
        sizeBytes += await copyRange(source, file, magic.length, endOfData);
      } finally {
        await source.close();
      }
    },
    async finish() {
      if (head === undefined) throw new RangeError("a Parquet file cannot be made of none");
      const footer = writeStruct(
        head.fields.map((field) => {
          if (field.id === ofMetadata.rowCount) return { ...field, value: rowCount };
          if (field.id !== ofMetadata.rowGroups) return field;
          return { ...field, value: { type: thriftTypes.struct, items: rowGroups } };
        }),
      );
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      await file.writeFile(Buffer.concat([footer, length, magic]));
    },
    close: () => file.close(),
  };
}

/**
 * The fields of a footer that say how much there is, and where.
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (read 2026-11-21)
 */
const ofMetadata = { rowCount: 3, rowGroups: 4 } as const;
const ofRowGroup = { columns: 1, fileOffset: 5, ordinal: 7 } as const;
/** Of a column chunk: its own place, those of its offset index and column index, and its metadata. */
const ofChunk = { places: [2, 4, 6], metadata: 3 } as const;
/** Of a column's metadata: the places of data pages, index pages, dictionary and Bloom filter. */
const ofColumn = { places: [9, 10, 11, 14] } as const;

function moveRowGroup(group: ThriftStruct, shift: bigint, ordinal: number): ThriftStruct {
  return group.flatMap((field) => {
    if (field.id === ofRowGroup.fileOffset) return move(field, shift);
    // A number of 16 bits, which may be left out: so it is where it would not fit.
    if (field.id === ofRowGroup.ordinal) return ordinal > 32767 ? [] : { ...field, value: BigInt(ordinal) };
    if (field.id !== ofRowGroup.columns) return field;
    const items = listOf(group, ofRowGroup.columns).map((chunk) => moveChunk(chunk as ThriftStruct, shift));
    return { ...field, value: { type: thriftTypes.struct, items } };
  });
}

function moveChunk(chunk: ThriftStruct, shift: bigint): ThriftStruct {
  return chunk.map((field) => {
    if (includes(ofChunk.places, field.id)) return move(field, shift);
    if (field.id !== ofChunk.metadata) return field;
    const value = (field.value as ThriftStruct).map((each) =>
      includes(ofColumn.places, each.id) ? move(each, shift) : each,
    );
    return { ...field, value };
  });
}

const includes = (ids: readonly number[], id: number): boolean => ids.includes(id);

/** A place of 0 is none: every file begins with its magic. */
function move(field: ThriftField, shift: bigint): ThriftField {
  const place = field.value as bigint;
  return place === 0n ? field : { ...field, value: place + shift };
}

function listOf(fields: ThriftStruct, id: number): readonly ThriftValue[] {
  const value = fields.find((field) => field.id === id)?.value;
  return value !== undefined && typeof value === "object" && "items" in value ? value.items : [];
}

function integerOf(fields: ThriftStruct, id: number): bigint {
  const value = fields.find((field) => field.id === id)?.value;
  if (typeof value !== "bigint") throw new RangeError(`a footer has no field ${id}`);
  return value;
}

async function readFooter(
  source: FileHandle,
  path: string,
): Promise<{ readonly fields: ThriftStruct; readonly endOfData: number }> {
  const { size } = await source.stat();
  const tail = Buffer.alloc(8);
  await readAll(source, tail, size - tail.length);
  const length = tail.readUInt32LE(0);
  const endOfData = size - tail.length - length;
  if (!tail.subarray(4).equals(magic) || endOfData < magic.length) throw new RangeError(`${path} is no Parquet file`);
  const footer = Buffer.alloc(length);
  await readAll(source, footer, endOfData);
  return { fields: readStruct(footer), endOfData };
}

async function readAll(source: FileHandle, target: Buffer, position: number): Promise<void> {
  for (let at = 0; at < target.length; ) {
    const { bytesRead } = await source.read(target, at, target.length - at, position + at);
    if (bytesRead === 0) throw new RangeError("a Parquet file ends early");
    at += bytesRead;
  }
}

/** @returns how many bytes it were */
async function copyRange(source: FileHandle, target: FileHandle, from: number, to: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, to - from));
  for (let at = from; at < to; ) {
    const chunk = buffer.subarray(0, Math.min(buffer.length, to - at));
    await readAll(source, chunk, at);
    // Unlike write, it goes on where the system took only a part.
    await target.writeFile(chunk);
    at += chunk.length;
  }
  return to - from;
}
