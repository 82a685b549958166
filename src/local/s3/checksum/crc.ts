/**
 * Cyclic redundancy checks that Node does not bring: CRC-32C (Castagnoli) and CRC-64/NVME, both reflected, with all bits
 * set before and flipped after. Eight bytes a step, by tables; 64 bits as two halves, since BigInt is far too slow here.
 */

export interface Crc {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** Polynomials with their bits reversed. */
const castagnoli = 0x82f63b78;
const nvme = 0x9a6c9329ac4bc9b5n;

let tables32: readonly Uint32Array[] | undefined;

function makeTables32(): readonly Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  const [first = new Uint32Array(256)] = tables;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ castagnoli : crc >>> 1;
    first[byte] = crc;
  }
  for (let i = 1; i < 8; i += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = tables[i - 1]?.[byte] ?? 0;
      const table = tables[i];
      if (table !== undefined) table[byte] = (before >>> 8) ^ (first[before & 255] ?? 0);
    }
  }
  return tables;
}

export function makeCrc32c(): Crc {
  tables32 ??= makeTables32();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables32 as [U32, U32, U32, U32, U32, U32, U32, U32];
  let crc = -1;
  return {
    update(bytes) {
      const whole = bytes.length - (bytes.length % 8);
      let i = 0;
      for (; i < whole; i += 8) {
        const low = crc ^ at32(bytes, i);
        const high = at32(bytes, i + 4);
        crc =
          at(t7, low) ^
          at(t6, low >>> 8) ^
          at(t5, low >>> 16) ^
          at(t4, low >>> 24) ^
          at(t3, high) ^
          at(t2, high >>> 8) ^
          at(t1, high >>> 16) ^
          at(t0, high >>> 24);
      }
      for (; i < bytes.length; i += 1) crc = (crc >>> 8) ^ at(t0, crc ^ (bytes[i] as number));
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(~crc >>> 0);
      return out;
    },
  };
}

type U32 = Uint32Array;

/** The index is within bounds by the mask: no check, since this is the innermost loop of an upload. */
const at = (table: U32, index: number): number => table[index & 255] as number;
const at32 = (bytes: Uint8Array, i: number): number =>
  (bytes[i] as number) |
  ((bytes[i + 1] as number) << 8) |
  ((bytes[i + 2] as number) << 16) |
  ((bytes[i + 3] as number) << 24);

/** Low halves of the eight tables, then their high halves. */
let tables64: readonly [readonly U32[], readonly U32[]] | undefined;

function makeTables64(): readonly [readonly U32[], readonly U32[]] {
  const first = Array.from({ length: 256 }, (_, byte) => {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ nvme : crc >> 1n;
    return crc;
  });
  const tables = [first];
  for (let i = 1; i < 8; i += 1) {
    const before = tables[i - 1] ?? [];
    tables.push(before.map((crc) => (crc >> 8n) ^ (first[Number(crc & 255n)] ?? 0n)));
  }
  const half = (shift: bigint): U32[] =>
    tables.map((table) => Uint32Array.from(table, (crc) => Number((crc >> shift) & 0xffffffffn)));
  return [half(0n), half(32n)];
}

export function makeCrc64Nvme(): Crc {
  tables64 ??= makeTables64();
  const [l0, l1, l2, l3, l4, l5, l6, l7] = tables64[0] as [U32, U32, U32, U32, U32, U32, U32, U32];
  const [h0, h1, h2, h3, h4, h5, h6, h7] = tables64[1] as [U32, U32, U32, U32, U32, U32, U32, U32];
  let low = -1;
  let high = -1;
  return {
    update(bytes) {
      const whole = bytes.length - (bytes.length % 8);
      let i = 0;
      for (; i < whole; i += 8) {
        const a = low ^ at32(bytes, i);
        const b = high ^ at32(bytes, i + 4);
        low =
          at(l7, a) ^
          at(l6, a >>> 8) ^
          at(l5, a >>> 16) ^
          at(l4, a >>> 24) ^
          at(l3, b) ^
          at(l2, b >>> 8) ^
          at(l1, b >>> 16) ^
          at(l0, b >>> 24);
        high =
          at(h7, a) ^
          at(h6, a >>> 8) ^
          at(h5, a >>> 16) ^
          at(h4, a >>> 24) ^
          at(h3, b) ^
          at(h2, b >>> 8) ^
          at(h1, b >>> 16) ^
          at(h0, b >>> 24);
      }
      for (; i < bytes.length; i += 1) {
        const index = low ^ (bytes[i] as number);
        low = ((low >>> 8) | (high << 24)) ^ at(l0, index);
        high = (high >>> 8) ^ at(h0, index);
      }
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeUInt32BE(~high >>> 0, 0);
      out.writeUInt32BE(~low >>> 0, 4);
      return out;
    },
  };
}
