import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeReadNumber } from "../../foundation/options/read-number.ts";

/** Bounds of an option's number, both included. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly isWhole?: boolean;
}

/** Of a port that a server listens on; 0 takes any free one. */
export const portBounds: Bounds = { low: 0, high: 65_535, isWhole: true };

/** The number of an option of a server's command; undefined where it is left out. @throws BAD_OPTIONS */
export function readServerNumber(
  command: string,
  option: string,
  text: string | undefined,
  { low, high, isWhole = false }: Bounds,
): number | undefined {
  const problems: string[] = [];
  const value = makeReadNumber(problems)(option, text, low, high, isWhole);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return value;
}
