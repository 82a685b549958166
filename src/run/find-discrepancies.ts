import type { ShardRow } from "../ledger/shards.ts";
import type { CountedLines } from "../results/resent-answers.ts";

/** What a job's manifest counts; a member that is not there, or no number, is undefined. */
interface ManifestCounts {
  readonly total: number | undefined;
  readonly processed: number | undefined;
  readonly success: number | undefined;
}

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
    if (brokenCount > 0) say(`: ${brokenCount} lines of its output are no JSON`);
    if (repeatedCount > 0) say(`: ${repeatedCount} records came more than once, or with no id`);
    const counts = readCounts(attempt.manifest);
    if (counts === undefined) {
      if (lineCount > 0)
        say(`: its output has no manifest${attempt.manifest === undefined ? "" : " that can be read"}`);
      continue;
    }
    const { total, processed, success } = counts;
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
    if (isSound && lineCount < recordCount) {
      say(` says Completed, but ${recordCount - lineCount} of its ${recordCount} records have no line`);
    }
  }
  return found;
}

function readCounts(manifest: string | undefined): ManifestCounts | undefined {
  if (manifest === undefined) return undefined;
  try {
    const parsed = JSON.parse(manifest) as Record<string, unknown>;
    const read = (name: string): number | undefined => {
      const value = parsed[name];
      return typeof value === "number" ? value : undefined;
    };
    return {
      total: read("totalRecordCount"),
      processed: read("processedRecordCount"),
      success: read("successRecordCount"),
    };
  } catch {
    return undefined;
  }
}
