import { HalfpriceError } from "../foundation/errors/index.ts";

/** Text is packed to a fifth or a twentieth; a table of equal rows to a hundredth. A bomb is packed to a thousandth. */
const mostRatio = 200;

/** Up to so many bytes nothing is asked: they take a second or two. */
const usualFreeBytes = 256 * 1024 * 1024;

/** How much a packed file may give. */
export interface UnpackOptions {
  /** @defaultValue 256 MiB */
  readonly freeBytes?: number;
  /** However little it is packed; for what is held in memory. @defaultValue no limit */
  readonly mostBytes?: number;
}

const show = (bytes: number): string =>
  `${(bytes / 1024 / 1024).toLocaleString("en-US", { maximumFractionDigits: 1 })} MiB`;

/** Counts what comes out of a packed file, and stops what would fill disk and memory. */
export class UnpackLimit {
  readonly #path: string;
  readonly #packedBytes: number;
  readonly #freeBytes: number;
  readonly #mostBytes: number;
  #unpackedBytes = 0;

  /** @param packedBytes of the whole file */
  constructor(
    path: string,
    packedBytes: number,
    { freeBytes = usualFreeBytes, mostBytes = Infinity }: UnpackOptions = {},
  ) {
    this.#freeBytes = freeBytes;
    this.#mostBytes = mostBytes;
    this.#path = path;
    this.#packedBytes = packedBytes;
  }

  /** @throws BROKEN_TABLE where it is far more than any table gives */
  add(bytes: number): void {
    this.#unpackedBytes += bytes;
    const isFree = this.#unpackedBytes <= this.#freeBytes || this.#unpackedBytes <= this.#packedBytes * mostRatio;
    if (isFree && this.#unpackedBytes <= this.#mostBytes) return;
    throw new HalfpriceError("BROKEN_TABLE", {
      path: this.#path,
      problem: isFree
        ? `what its cells share unpacks to more than ${show(this.#mostBytes)}`
        : `it unpacks to more than ${mostRatio} times its size (${show(this.#unpackedBytes)} of ${show(this.#packedBytes)} so far), as no table does`,
      fix: "where it is a table after all, unpack it yourself, or save it as CSV, and name that file",
    });
  }
}
