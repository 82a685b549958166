import type { PackTrial } from "./types/index.ts";

/** A share as points of a hundred. */
export const formatPoints = (share: number): string => `${Number((share * 100).toFixed(2))} points`;
const formatShare = (share: number | null): string => `${((share ?? 0) * 100).toFixed(1)} %`;

/** What a trial has shown, in a sentence. */
export function sayTrial({ rowsPerRequest, rows, lostCount, packed, single, difference, isWithin }: PackTrial): string {
  const lost = lostCount === 0 ? "" : `, ${lostCount} came back without an answer of their own`;
  const sure = `at worst ${formatPoints(-difference.low)} less`;
  return `${rowsPerRequest} rows in a request: ${formatShare(packed.value)} of ${rows} answers are the single ones, which agree with each other in ${formatShare(single.value)}: ${sure}, ${isWithin ? "within" : "not within"} the tolerance${lost}`;
}
