import { existsSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { commitText } from "../../foundation/commit-file.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeReport } from "../../report/report-html.ts";
import { makeMarkdownReport } from "../../report/report-md.ts";
import { fetchRun, publishRun } from "../../workspace/fetch-run.ts";
import { refuseCleaned } from "../../workspace/run-folder.ts";
import { type OwnWorkspace, withEngine } from "../../workspace/session.ts";
import { showRun } from "../../workspace/show-run.ts";
import { gatherReport } from "./gather-report.ts";

/** The formats of a report. */
export type ReportFormat = "html" | "md";

/**
 * Makes the report of a run that has ended again, from its files.
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, RUN_CLEANED, RUN_DAMAGED
 */
export async function makeRunReport(
  session: OwnWorkspace,
  wanted: string,
  format: ReportFormat,
): Promise<{ readonly runId: string; readonly text: string; readonly ownPath: string }> {
  const { row, run, plan, paths, shards } = await showRun(session, wanted);
  const { summary } = row;
  if (summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: row.id, state: row.state });
  await fetchRun(paths, "table");
  refuseCleaned(paths, paths.results);
  const input = await withEngine(paths, (engine) => gatherReport(engine, { run, plan, summary, shards, paths }));
  const text = format === "html" ? await makeReport(input) : makeMarkdownReport(input);
  return { runId: row.id, text, ownPath: paths.report };
}

/** Writes `report.html` of a run's folder anew. */
export async function renewReport(session: OwnWorkspace, wanted: string): Promise<string> {
  const { text, ownPath } = await makeRunReport(session, wanted, "html");
  commitText(ownPath, text);
  await publishRun({ directory: dirname(ownPath) }, basename(ownPath));
  return ownPath;
}

/** Writes a report where the user wants it, whole or not at all. @throws BAD_OPTIONS */
export function placeReport(path: string, text: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) {
    const problems = [`--output is ${path}; there is no folder ${folder}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice report" });
  }
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
