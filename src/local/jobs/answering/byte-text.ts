/**
 * UTF-8 kept in a string, a sign for a byte: made and written by copying, where decoding and encoding would cost as much as
 * an answer. All that JSON gives a meaning outside of its strings is ASCII and the same in both forms, so JSON is cut, and is
 * valid or not, alike.
 */
import { transcode } from "node:buffer";

/** @returns a string of as many signs as there are bytes, none above U+00FF */
export const readByteText = (bytes: Buffer): string => bytes.toString("latin1");

/** The bytes behind it. */
export const writeByteText = (byteText: string): Buffer => Buffer.from(byteText, "latin1");

// Holds one line at most, and not every one: what is longer goes another way.
const scratch = Buffer.alloc(64 * 1024);
const encoder = new TextEncoder();

/** What a text is in bytes; lone surrogates become U+FFFD, as in every UTF-8. */
export function toByteText(text: string): string {
  // A unit of UTF-16 takes up to three bytes.
  if (text.length * 3 > scratch.length) return Buffer.from(text, "utf8").toString("latin1");
  const { written } = encoder.encodeInto(text, scratch);
  return written === text.length ? text : scratch.toString("latin1", 0, written);
}

/** The text behind the bytes. @param byteText valid UTF-8 */
export const fromByteText = (byteText: string): string => Buffer.from(byteText, "latin1").toString("utf8");

/** The text of many bytes. @param bytes valid UTF-8, a large piece: for less than a line the other way is faster */
export const decodeText = (bytes: Buffer): string =>
  // Half the time of decoding into a string in one step (Node 20).
  transcode(bytes, "utf8", "utf16le").toString("utf16le");
