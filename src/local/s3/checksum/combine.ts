/**
 * The check of two runs of bytes from the checks of each: what makes the checksum of a whole object from those of its
 * parts without reading them again. Appending n bytes multiplies a check by x^(8n) modulo the polynomial.
 */
import type { ChecksumAlgorithm } from "../store/entry.ts";

interface Field {
  readonly bits: bigint;
  /** With its bits reversed: bit 0 of it is the highest power. */
  readonly polynomial: bigint;
}

const fields: Partial<Record<ChecksumAlgorithm, Field>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** True for those that can be made of their parts'. */
export const isCombinable = (algorithm: ChecksumAlgorithm): boolean => algorithm in fields;

/** @param parts each part's check in base64, and its length */
export function combineCrcs(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly value: string; readonly sizeBytes: number }[],
): string {
  const field = fields[algorithm];
  if (field === undefined) throw new RangeError(`${algorithm} cannot be combined`);
  const powers = new Map<number, bigint>();
  let sum = 0n;
  for (const { value, sizeBytes } of parts) {
    // Parts are mostly of one length: its power is worked out once.
    const power = powers.get(sizeBytes) ?? powerOfBytes(BigInt(sizeBytes), field);
    powers.set(sizeBytes, power);
    sum = multiply(sum, power, field) ^ BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
  }
  const hex = sum.toString(16).padStart(Number(field.bits / 4n), "0");
  return Buffer.from(hex, "hex").toString("base64");
}

function multiply(a: bigint, b: bigint, { bits, polynomial }: Field): bigint {
  let product = 0n;
  let power = b;
  for (let bit = bits - 1n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= power;
    power = power & 1n ? (power >> 1n) ^ polynomial : power >> 1n;
  }
  return product;
}

function powerOfBytes(sizeBytes: bigint, field: Field): bigint {
  // x^8, and one, in reversed bits.
  let square = 1n << (field.bits - 9n);
  let power = 1n << (field.bits - 1n);
  for (let left = sizeBytes; left > 0n; left >>= 1n) {
    if (left & 1n) power = multiply(power, square, field);
    square = multiply(square, square, field);
  }
  return power;
}
