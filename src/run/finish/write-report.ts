import type { Engine } from "../../engine/engine.ts";
import { commitText } from "../../foundation/commit-file.ts";
import { findDiskError } from "../../foundation/disk-error.ts";
import { escapeHtml } from "../../report/html.ts";
import { makeReport } from "../../report/report-html.ts";
import { gatherReport, type ReportSource } from "./gather-report.ts";

/**
 * Writes `report.html` of a run whose table is written. Where it cannot be made it says so in its place: what was paid for is in the
 * table, and the run ends all the same.
 * @throws DISK
 */
export async function writeReport(engine: Engine, source: ReportSource): Promise<void> {
  const { paths, run } = source;
  const page = await gatherReport(engine, source)
    .then(makeReport)
    .catch((error: unknown) => {
      const disk = findDiskError(error);
      if (disk !== undefined) throw disk;
      const message = error instanceof Error ? error.message : String(error);
      return `<!doctype html>\n<meta charset="utf-8">\n<title>${escapeHtml(run.name)}</title>\n<p>The report could not be made: ${escapeHtml(message)}</p>\n<p>The table is written. Try again with: <code>halfprice report ${run.id}</code></p>\n`;
    });
  commitText(paths.report, page);
}
