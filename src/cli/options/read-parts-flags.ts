import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunBatchOptions } from "../../index.ts";
import type { PartsFlags } from "./options.ts";

/** More processes than this no machine is good for. */
const mostWorkers = 512;

/** How a run is done in parts, as the line says; nothing where it says nothing. @throws BAD_OPTIONS with every problem */
export function readPartsFlags(
  { partFiles, partBytes, removeJoined, workers }: PartsFlags,
  command: string,
): Pick<RunBatchOptions, "parts" | "workers"> {
  const files = partFiles === undefined ? undefined : Number(partFiles);
  const bytes = partBytes === undefined ? undefined : parseBytes(partBytes);
  const workerCount = workers === undefined ? undefined : Number(workers);
  const isWhole = (value: number | undefined, least: number, most: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= least && value <= most);
  const problems = [
    ...(isWhole(files, 1, Infinity) ? [] : [`--part-files is ${partFiles}; it has to be a whole number from 1`]),
    ...(isWhole(bytes, 1, Infinity) ? [] : [`--part-bytes is ${partBytes}; it has to be a size such as 256MB`]),
    ...(isWhole(workerCount, 0, mostWorkers)
      ? []
      : [`--workers is ${workers}; it has to be a whole number from 0 to ${mostWorkers}`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  const parts = defined({ files, bytes, removeJoined });
  return defined({ parts: Object.keys(parts).length === 0 ? undefined : parts, workers: workerCount });
}

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `256MB`, `1g` or plain bytes; NaN for anything else. */
function parseBytes(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  return digits === "" || factor === undefined ? Number.NaN : Math.round(Number(digits) * factor);
}
