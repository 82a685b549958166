import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { PartSize } from "../../run/parts/part-list.ts";

/** What of a part is asked for; undefined where it is not. */
export interface AskedSize {
  readonly files?: number | undefined;
  readonly bytes?: number | undefined;
  readonly workers?: number | undefined;
  readonly removesJoined?: boolean | undefined;
}

/** What the three are called where they are asked for. */
export type SizeNames = Readonly<Record<"files" | "bytes" | "workers" | "removesJoined", string>>;

/** As a program calls them. */
export const partNames: SizeNames = {
  files: "parts.files",
  bytes: "parts.bytes",
  workers: "workers",
  removesJoined: "parts.removeJoined",
};

/** Bytes of a part where only workers are asked for: a gigabyte or so of requests, which a disk of any machine holds some of. */
const usualBytes = 256 * 1024 ** 2;

/** More processes than this no machine is good for. */
const mostWorkers = 512;

/**
 * How large parts are; undefined where a run is not to be done in parts.
 * @param written what stood where the numbers come from
 * @throws BAD_OPTIONS with every problem
 */
export function readPartSize(
  asked: AskedSize,
  command: string,
  names: SizeNames,
  written: Partial<Record<"files" | "bytes" | "workers", string | undefined>> = {},
): PartSize | undefined {
  const problems = (["files", "bytes", "workers"] as const).flatMap((name) => {
    const value = asked[name];
    const [least, most] = name === "workers" ? [0, mostWorkers] : [1, Infinity];
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
    const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
    const what = name === "bytes" && written.bytes !== undefined ? "a size such as 256MB" : `a whole number ${range}`;
    return [`${names[name]} is ${written[name] ?? value}; it has to be ${what}`];
  });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  const { files, bytes, workers, removesJoined } = asked;
  const removing = removesJoined === true ? { removesJoined } : {};
  if (files === undefined && bytes === undefined) {
    const isAsked = workers !== undefined || removesJoined === true;
    return isAsked ? { mostBytes: usualBytes, ...removing } : undefined;
  }
  return {
    ...removing,
    ...(files === undefined ? {} : { mostFiles: files }),
    ...(bytes === undefined ? {} : { mostBytes: bytes }),
  };
}
