import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { lineStartOf } from "../../lines/line-format.ts";

const bufferBytes = 8 * 1024 * 1024;
/** Letters of a line around its body, and its end. */
export const lineFrameLength: number = lineStartOf("").length + 32 + "}\n".length;

/** Writes lines through a buffer, so that a text becomes bytes once: to be named, measured and written. */
export class LineWriter {
  readonly #file: number;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #used = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w", 0o600);
  }

  addText(text: string): void {
    this.#makeRoom(3 * text.length);
    this.#used += this.#buffer.write(text, this.#used, "utf8");
  }

  /** Adds a line of input. @param idHead what its name is made of before its body @returns its name, and its bytes */
  add(body: string, idHead: string): { readonly id: string; readonly sizeBytes: number } {
    this.#makeRoom(3 * body.length + lineFrameLength);
    const from = this.#used;
    const bodyFrom = from + this.#buffer.write(lineStartOf(emptyId), from, "latin1");
    const end = bodyFrom + this.#buffer.write(body, bodyFrom, "utf8");
    const id = createHash("md5").update(idHead).update(this.#buffer.subarray(bodyFrom, end)).digest("hex");
    this.#buffer.write(lineStartOf(id), from, "latin1");
    this.#used = end + this.#buffer.write("}\n", end, "latin1");
    return { id, sizeBytes: this.#used - from };
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes <= this.#buffer.length) return;
    this.#flush();
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(bytes);
  }

  #flush(): void {
    for (let from = 0; from < this.#used; ) from += writeSync(this.#file, this.#buffer, from, this.#used - from);
    this.#used = 0;
  }
}

const emptyId = "0".repeat(32);
