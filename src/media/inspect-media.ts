import { createRequire } from "node:module";
import { extname } from "node:path";
import type { MediaKind } from "../foundation/types/index.ts";
import { countPages } from "./count-pages.ts";

const require = createRequire(import.meta.url);
/** Loaded with the first picture. */
const loadImageSize = () => (require("image-size") as typeof import("image-size")).imageSize;

/** What a file is, by its content. */
export interface InspectedMedia {
  readonly kind: MediaKind;
  /** As Converse names it. */
  readonly format: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Of a PDF; at least 1. */
  readonly pageCount?: number;
}

/** What a file is, or why it cannot be sent: words that follow its name. */
export type Inspection = { readonly found: InspectedMedia } | { readonly problem: string };

const mimeTypes: Readonly<Record<string, string>> = {
  ...{ png: "image/png", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  ...{ pdf: "application/pdf", csv: "text/csv", html: "text/html", txt: "text/plain", md: "text/markdown" },
  ...{ doc: "application/msword", xls: "application/vnd.ms-excel" },
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** How files begin; what a text file is, its name says. */
const starts: readonly (readonly [start: string, format: string])[] = [
  ["\x89PNG\r\n\x1a\n", "png"],
  ["\xff\xd8\xff", "jpeg"],
  ["GIF87a", "gif"],
  ["GIF89a", "gif"],
  ["%PDF-", "pdf"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"],
  ["PK\x03\x04", "zip"],
];

/** Where the end of a whole picture is looked for: some programs write a few bytes behind it. */
const tailBytes = 64 * 1024;

/**
 * Finds out what a file is by its content, its dimensions or pages, and whether it is whole.
 * @param name tells apart what the content does not: text, Markdown, CSV and HTML, the two kinds of older Office files
 */
export function inspectMedia(bytes: Buffer, kind: MediaKind, name: string): Inspection {
  if (bytes.length === 0) return { problem: "is empty" };
  const format = findFormat(bytes, name);
  if (format === undefined) return { problem: `is ${kind === "image" ? "no picture" : "no document"} of a known type` };
  const mimeType = mimeTypes[format] ?? "application/octet-stream";
  const isImage = mimeType.startsWith("image/");
  if (kind === "image" && !isImage)
    return {
      problem: `is no picture, by its content: ${format}${format === "pdf" ? "; {{document:…}} takes it" : ""}`,
    };
  if (kind === "document" && isImage) return { problem: `is a picture (${format}); {{image:…}} takes it` };
  const base = { kind, format, mimeType, sizeBytes: bytes.length };
  if (isImage) return measureImage(bytes, base);
  if (format !== "pdf") return { found: base };
  if (!bytes.subarray(-tailBytes).includes("%%EOF")) return { problem: "is cut off: its PDF has no end" };
  return { found: { ...base, pageCount: countPages(bytes) } };
}

function measureImage(bytes: Buffer, base: InspectedMedia): Inspection {
  if (isCutOff(bytes, base.format)) return { problem: `is broken: its ${base.format} data is cut off` };
  try {
    const { width, height } = loadImageSize()(bytes);
    if (width > 0 && height > 0) return { found: { ...base, widthPx: width, heightPx: height } };
  } catch {
    // Said below: what the reader throws are its own words for the same.
  }
  return { problem: `is broken: its ${base.format} data has no size` };
}

function isCutOff(bytes: Buffer, format: string): boolean {
  const tail = bytes.subarray(-tailBytes);
  switch (format) {
    case "png":
      return !tail.includes("IEND");
    case "jpeg":
      return !tail.includes(Buffer.from([0xff, 0xd9]));
    case "gif":
      return !tail.includes(0x3b);
    default:
      // RIFF says how long it is.
      return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length;
  }
}

function findFormat(bytes: Buffer, name: string): string | undefined {
  const start = bytes.toString("latin1", 0, 16);
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "webp";
  const found = starts.find(([begin]) => start.startsWith(begin))?.[1];
  const ending = extname(name).slice(1).toLowerCase();
  if (found === "zip") {
    // A part of each Office file is called after its program.
    if (bytes.includes("word/")) return "docx";
    return bytes.includes("xl/") ? "xlsx" : undefined;
  }
  if (found === "ole") return ending === "xls" ? "xls" : "doc";
  if (found !== undefined) return found;
  if (!isText(bytes)) return undefined;
  if (/^\s*<(!doctype html|html)/i.test(bytes.toString("utf8", 0, 256))) return "html";
  if (ending === "csv" || ending === "html") return ending;
  if (ending === "htm") return "html";
  return ending === "md" || ending === "markdown" ? "md" : "txt";
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
