/** The `Range` header: one range of bytes. Several, or one that is not understood, count as none (RFC 9110 §14.2). */
import { S3Error } from "./errors.ts";

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** @throws S3Error InvalidRange where nothing of it is there */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (match === null || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start > end) {
    throw new S3Error("InvalidRange", {
      details: { RangeRequested: header ?? "", ActualObjectSize: String(sizeBytes) },
      headers: { "content-range": `bytes */${sizeBytes}` },
    });
  }
  return { start, end };
}
