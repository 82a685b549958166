import { formatUsd } from "../../foundation/format.ts";
import type { Usage } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import type { CountedLines } from "../../results/resent-answers.ts";
import { readManifest } from "./read-manifest.ts";

/**
 * Lines that belong to no row, and records that came twice, were paid all the same: then the cost column adds up to less.
 * @param paidUsd of the money line @param columnUsd the sum of the cost column
 */
export function findUnplacedCost(paidUsd: number | undefined, columnUsd: number | undefined): string[] {
  if (paidUsd === undefined || columnUsd === undefined) return [];
  const difference = paidUsd - columnUsd;
  if (Math.abs(difference) <= 1e-9 + 1e-6 * Math.abs(paidUsd)) return [];
  const sum = `the money line says ${formatUsd(paidUsd)}, the cost column adds up to ${formatUsd(columnUsd)}`;
  return [
    difference > 0
      ? `${sum}: ${formatUsd(difference)} was paid for answers that are in no row`
      : `${sum}: ${formatUsd(-difference)} of the column is in no job's usage`,
  ];
}

const sayUsage = ({ inputTokens, outputTokens }: Usage): string =>
  `${inputTokens.toLocaleString("en-US")} input and ${outputTokens.toLocaleString("en-US")} output tokens`;

const isSameUsage = (one: Usage, other: Usage): boolean =>
  one.inputTokens === other.inputTokens && one.outputTokens === other.outputTokens;

/**
 * Manifest, counts and lines are three tellings of one thing: what they disagree about, one sentence each. The lines are what
 * the table is made of; the others tell whether there should be more.
 */
export function findDiscrepancies(shards: readonly ShardRow[], lines: readonly CountedLines[]): string[] {
  const found: string[] = [];
  for (const { index, attempt, recordCount } of shards) {
    if (attempt?.jobArn === undefined) continue;
    const say = (words: string): unknown => found.push(`job ${index + 1} (${attempt.jobName})${words}`);
    const isSound = attempt.status === "Completed";
    if (!isSound) say(` ended ${attempt.status}${attempt.message === undefined ? "" : `: ${attempt.message}`}`);
    const seen = lines.find((each) => each.index === index);
    if (seen === undefined) continue;
    const { lineCount, brokenCount, repeatedCount } = seen;
    if (brokenCount > 0)
      say(`: ${brokenCount === 1 ? "1 line of its output is" : `${brokenCount} lines of its output are`} no JSON`);
    if (repeatedCount > 0) say(`: ${repeatedCount} records came more than once, or with no id`);
    const counts = readManifest(attempt.manifest);
    if (isSound && lineCount < recordCount) {
      const lost = recordCount - lineCount;
      const which =
        lineCount === 0
          ? `none of its ${recordCount} records has a line`
          : `${lost} of its ${recordCount} records have no line`;
      const cost =
        counts?.usage === undefined ? "what they cost is not known" : "what they cost is taken from its manifest";
      say(
        ` says Completed, but ${which}: ${lineCount === 0 ? "its output is gone" : "a part of its output is lost"}; ${cost}`,
      );
    }
    if (counts === undefined) {
      if (lineCount > 0)
        say(`: its output has no manifest${attempt.manifest === undefined ? "" : " that can be read"}`);
      continue;
    }
    const { total, processed, success, usage } = counts;
    if (processed !== undefined && processed !== lineCount) {
      say(`: its manifest counts ${processed} processed records, its output has ${lineCount} lines`);
    }
    if (total !== undefined && total !== recordCount) {
      say(`: its manifest counts ${total} records in all, ${recordCount} were sent`);
    }
    // Broken and doubled lines have been said; with neither, each success is a line with an answer.
    if (
      success !== undefined &&
      brokenCount + repeatedCount === 0 &&
      processed === lineCount &&
      success !== seen.answerCount
    ) {
      say(`: its manifest counts ${success} successes, its output has ${seen.answerCount} lines with an answer`);
    }
    // Counts of a job that was just listed may lag behind; those of one that is over do not (seen live, 2026).
    if (attempt.counts !== undefined && processed !== undefined && attempt.counts.processed !== processed) {
      say(`: the service counts ${attempt.counts.processed} processed records, its manifest ${processed}`);
    }
    const isWhole = processed === lineCount && seen.unreportedCount + brokenCount + repeatedCount === 0;
    if (isWhole && usage !== undefined && !isSameUsage(usage, seen.usage)) {
      say(
        `: its manifest counts ${sayUsage(usage)}, its lines ${sayUsage(seen.usage)}; the money line goes by the lines`,
      );
    }
  }
  return found;
}
