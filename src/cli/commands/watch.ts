import type { Command } from "commander";
import { findRunId, type RunView, showRun, watchRun } from "../../index.ts";
import { showProgress } from "../display/progress.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { printShown } from "../print-run.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  command.argument("[run]", "a run's id, the start of one, or its name (default: the latest that is under way)");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice watch\n  halfprice watch reviews --json");
  command.action(async (wanted: string | undefined, flags: CommonFlags) => {
    const options = toSessionOptions(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const id = await findRunId(wanted, options);
    if (flags.json === true) return printJson(terminal, describeProgress(await showRun(id, { ...options, ask: true })));
    const progress = showProgress(terminal);
    await watchRun(id, {
      ...options,
      onProgress: (event) => (event.kind === "jobs" ? progress.onProgress(event) : undefined),
    });
    progress.end();
    const ended = await showRun(id, options);
    if (!isOver(ended))
      terminal.note(`All jobs have ended, and nobody collects their answers: halfprice collect ${id}`);
    if (ended.row.summary !== undefined) printShown(terminal, ended, "");
  });
}

const isOver = ({ row }: RunView): boolean =>
  row.state === "done" || (row.state === "stopped" && row.summary !== undefined);

/** How far it is now, as one document. */
function describeProgress(shown: RunView): object {
  const { row, progress } = shown;
  const { jobs, processedCount, recordCount, elapsedMs, leftMs, expectedCostUsd } = progress;
  return {
    runId: row.id,
    name: row.name,
    state: row.state,
    records: { done: processedCount, total: recordCount },
    expectedCostUsd: expectedCostUsd ?? null,
    elapsedMs: row.summary?.durationMs ?? elapsedMs,
    leftMs: isOver(shown) ? 0 : (leftMs ?? null),
    jobs: jobs.map(({ index, lane, state, arn, recordCount: count, processedCount: done, isCounted }) => ({
      ...{ index, lane, state, arn: arn ?? null, recordCount: count, doneCount: isCounted ? done : null },
    })),
  };
}
