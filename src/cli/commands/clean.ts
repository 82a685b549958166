import type { Command } from "commander";
import { formatBytes, formatNumberOf } from "../../report/format.ts";
import { type CleanedRuns, cleanRuns } from "../../workspace/clean-runs.ts";
import { type CleanPlan, planClean } from "../../workspace/plan-clean.ts";
import { findRunRow } from "../../workspace/show-run.ts";
import { askOrRefuse } from "../ask.ts";
import { colors } from "../display/colors.ts";
import { inSession, printJson } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type CleanFlags = CommonFlags & { readonly keepResults?: boolean; readonly plan?: boolean };

export function define(command: Command): void {
  command
    .argument("[run]", "a run's id, the start of one, or its name (default: every run that has ended)")
    .option("--keep-results", "leave the run's table and report in the workspace")
    .option("--plan", "show what would be removed, and remove nothing");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice clean 20261121-093012-x7k2q\n  halfprice clean --keep-results --plan",
  );
  command.action(async (wanted: string | undefined, flags: CleanFlags) => {
    await inSession(flags, async ({ session, terminal, progress }) => {
      const ids = wanted === undefined ? undefined : [(await findRunRow(session, wanted)).id];
      const plans = await planClean(session, ids, flags.keepResults === true);
      progress.end();
      if (flags.json !== true) printClean(terminal, plans);
      let done: CleanedRuns | undefined;
      if (flags.plan !== true && plans.length > 0) {
        if (flags.yes !== true && flags.local !== true) await askOrRefuse(terminal, question(plans, flags));
        done = await cleanRuns(session, plans);
        progress.end();
      }
      const { removed = [], left = [] } = done ?? {};
      if (flags.json === true) printJson(terminal, { removed: removed.length > 0, runs: plans, left });
      else if (removed.length > 0) terminal.print(`Removed what ${formatNumberOf(removed.length, "run")} had left.`);
      if (flags.json !== true) for (const { runId, reason } of left) terminal.print(`Left ${runId} alone: ${reason}.`);
    });
  });
}

const sum = (sizes: readonly { readonly sizeBytes: number }[]): string =>
  formatBytes(sizes.reduce((total, { sizeBytes }) => total + sizeBytes, 0));

function printClean(terminal: Terminal, plans: readonly CleanPlan[]): void {
  if (plans.length === 0) terminal.print("There is nothing to remove: no run that has ended has left anything.");
  for (const { runId, runName, bucket, objects, uploads, isUploadsHidden, strangers, directory, files } of plans) {
    const add = (label: string, text: string): void => terminal.print(`${colors.dim(label.padEnd(11))}${text}`);
    add("Run", `${runId}  ${runName}`);
    if (bucket !== undefined) {
      const parts = uploads.length === 0 ? "" : ` and ${formatNumberOf(uploads.length, "unfinished upload")}`;
      add("  S3", `${formatNumberOf(objects.length, "object")}, ${sum(objects)}${parts} in s3://${bucket}`);
      for (const { name } of objects.slice(0, 5)) terminal.print(`             ${colors.dim(name)}`);
      if (objects.length > 5) terminal.print(`             ${colors.dim(`and ${objects.length - 5} more`)}`);
    }
    if (isUploadsHidden) add("", "unfinished uploads cannot be listed: s3:ListBucketMultipartUploads is missing");
    if (strangers.length > 0) {
      const some = strangers.slice(0, 3).join(", ");
      add("  left", `${formatNumberOf(strangers.length, "object")} beside that halfprice did not make: ${some}`);
    }
    add("  disk", `${formatNumberOf(files.length, "file")}, ${sum(files)} in ${directory}`);
  }
}

function question(plans: readonly CleanPlan[], { keepResults }: CleanFlags): string {
  const what = `Remove all this of ${formatNumberOf(plans.length, "run")}?`;
  return keepResults === true
    ? `${what} (The tables stay; nothing of these runs can be retried.)`
    : `${what} (Their tables go with it: export what you need. What they have cost stays known.)`;
}
