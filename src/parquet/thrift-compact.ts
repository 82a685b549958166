/**
 * Thrift's compact protocol, as far as the footer of a Parquet file needs it: a struct is read into its fields without
 * knowing what they mean, and written again as it was.
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md (read 2026-11-21)
 */

/** The numbers by which the protocol knows its types. A boolean's value is in its type, unless it stands in a list. */
export const thriftTypes = {
  yes: 1,
  no: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
} as const;

/** A field of a Thrift struct: its id, type and value. */
export interface ThriftField {
  readonly id: number;
  readonly type: number;
  readonly value: ThriftValue;
}

/** A list of Thrift values of one type. */
export interface ThriftList {
  readonly type: number;
  readonly items: readonly ThriftValue[];
}

/** A struct of Thrift: its fields in their order. */
export type ThriftStruct = readonly ThriftField[];

/**
 * An integer; the bytes of a text, a double or a byte; or what is made of these, where a struct may also stand as the bytes
 * that it is written as. A boolean field has no value of its own.
 */
export type ThriftValue = bigint | Buffer | ThriftList | ThriftStruct | undefined;

const { yes, no, byte, i16, i32, i64, double, binary, list, set, struct } = thriftTypes;

/** @throws RangeError where the bytes end early or have a type that is not read here (maps, of which Parquet has none) */
export function readStruct(bytes: Buffer): ThriftStruct {
  return new Reader(bytes).struct();
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  struct(): ThriftStruct {
    const fields: ThriftField[] = [];
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) return fields;
      const step = head >> 4;
      id = step === 0 ? Number(this.#integer()) : id + step;
      const type = head & 15;
      fields.push({ id, type, value: type === yes || type === no ? undefined : this.#value(type) });
    }
  }

  #value(type: number): ThriftValue {
    if (type === struct) return this.struct();
    if (type === i16 || type === i32 || type === i64) return this.#integer();
    if (type === binary) return this.#take(Number(this.#unsigned()));
    if (type === list || type === set) return this.#list();
    if (type === double) return this.#take(8);
    if (type === byte || type === yes || type === no) return this.#take(1);
    throw new RangeError(`a footer has a field of the type ${type}, which is not known`);
  }

  #list(): ThriftList {
    const head = this.#byte();
    const count = head >> 4 === 15 ? Number(this.#unsigned()) : head >> 4;
    const type = head & 15;
    const items: ThriftValue[] = [];
    for (let index = 0; index < count; index += 1) items.push(this.#value(type));
    return { type, items };
  }

  #integer(): bigint {
    const value = this.#unsigned();
    return (value >> 1n) ^ -(value & 1n);
  }

  #unsigned(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const part = this.#byte();
      value |= BigInt(part & 127) << shift;
      if (part < 128) return value;
    }
  }

  #byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new RangeError("a footer ends in the middle of a field");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** The bytes of a struct; those of a struct that was read are the same again. */
export function writeStruct(fields: ThriftStruct): Buffer {
  const parts: Buffer[] = [];
  pushStruct(parts, fields);
  return Buffer.concat(parts);
}

function pushStruct(parts: Buffer[], fields: ThriftStruct): void {
  let last = 0;
  for (const { id, type, value } of fields) {
    const step = id - last;
    if (step > 0 && step < 16) parts.push(Buffer.of((step << 4) | type));
    else parts.push(Buffer.of(type), encodeInteger(BigInt(id)));
    last = id;
    if (value !== undefined) pushValue(parts, type, value);
  }
  parts.push(Buffer.of(0));
}

function pushValue(parts: Buffer[], type: number, value: ThriftValue): void {
  if (typeof value === "bigint") parts.push(encodeInteger(value));
  else if (Buffer.isBuffer(value)) {
    if (type === binary) parts.push(encodeUnsigned(BigInt(value.length)));
    parts.push(value);
  } else if (value !== undefined && "items" in value) {
    const count = value.items.length;
    if (count < 15) parts.push(Buffer.of((count << 4) | value.type));
    else parts.push(Buffer.of(0xf0 | value.type), encodeUnsigned(BigInt(count)));
    for (const item of value.items) pushValue(parts, value.type, item);
  } else if (value !== undefined) pushStruct(parts, value);
}

function encodeInteger(value: bigint): Buffer {
  return encodeUnsigned(value < 0n ? -2n * value - 1n : 2n * value);
}

function encodeUnsigned(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
