import { inflateSync } from "node:zlib";

/** A page is an object of the type Page; Pages is a list of them. */
const page = /\/Type\s*\/Page(?![a-zA-Z])/g;

/** Streams of objects that are unpacked are no longer than this: a small file must not become a large one. */
const maxUnpackedBytes = 16 * 1024 * 1024;

/**
 * Pages of a PDF: its page objects, those in packed streams included. Files of which nothing can be read, as encrypted ones, have at least
 * one.
 */
export function countPages(pdf: Buffer): number {
  const text = pdf.toString("latin1");
  const plain = text.match(page)?.length ?? 0;
  return Math.max(1, plain + countPacked(pdf, text));
}

function countPacked(pdf: Buffer, text: string): number {
  let count = 0;
  for (const found of text.matchAll(/\/ObjStm\b[^]{0,400}?stream\r?\n/g)) {
    const from = found.index + found[0].length;
    const end = text.indexOf("endstream", from);
    if (end === -1) continue;
    try {
      const unpacked = inflateSync(pdf.subarray(from, end), { maxOutputLength: maxUnpackedBytes });
      count += unpacked.toString("latin1").match(page)?.length ?? 0;
    } catch {
      // Packed in another way: its pages are not counted.
    }
  }
  return count;
}
