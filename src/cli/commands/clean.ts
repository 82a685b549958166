import type { Command } from "commander";
import { cleanWorkspace, type LeftBehind, readSettings, type WorkspaceCleanReport } from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { formatBytes, formatNumberOf } from "../../foundation/format.ts";
import { askOrRefuse } from "../ask.ts";
import { colors } from "../display/colors.ts";
import { showProgress } from "../display/progress.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { rememberService } from "../print-error.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

type CleanPlan = LeftBehind["plans"][number];
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
  command.action(async (wanted: string | undefined, given: CleanFlags) => {
    rememberService(given);
    const terminal = openTerminal({ isQuiet: given.quiet === true });
    const progress = showProgress(terminal);
    const options = toSessionOptions(given);
    const { keepResults } = given;
    const report = await cleanWorkspace({
      ...{ ...options, ...defined({ run: wanted, keepResults }) },
      onProgress: (event) => (event.kind === "step" ? progress.onStep(event.step) : undefined),
      confirm(left) {
        progress.end();
        return confirmClean(terminal, left, given);
      },
    });
    progress.end();
    if (given.json === true) return printJson(terminal, toJson(report, given));
    printReport(terminal, report, given);
    if (given.plan !== true) printRemains(terminal, (await readSettings(options)).workspaceName, report.remains);
    return undefined;
  });
}

/** Shows what would be removed, and asks once for all of it. @throws NOT_CONFIRMED, DECLINED */
async function confirmClean(terminal: Terminal, { plans, drafts }: LeftBehind, given: CleanFlags): Promise<boolean> {
  if (given.json !== true) printClean(terminal, plans, drafts);
  if (given.plan === true) return false;
  const isAsking = given.yes !== true && given.local !== true && plans.length + drafts.length > 0;
  if (isAsking) await askOrRefuse(terminal, question(plans, drafts, given));
  return true;
}

function toJson({ plans, removed, left, drafts, remains, origin }: WorkspaceCleanReport, given: CleanFlags): object {
  const goneCount = given.plan === true ? 0 : drafts.length;
  return {
    removed: removed.length + goneCount > 0,
    origin: origin ?? null,
    ...{ runs: plans, left, drafts, remains },
  };
}

function printReport(terminal: Terminal, report: WorkspaceCleanReport, given: CleanFlags): void {
  const { removed, left, drafts, draftsInUse, isLocalDataRemoved } = report;
  const goneCount = given.plan === true ? 0 : drafts.length;
  if (removed.length > 0) terminal.print(`Removed what ${formatNumberOf(removed.length, "run")} had left.`);
  if (goneCount > 0) terminal.print(`Removed ${formatNumberOf(goneCount, "draft")} of plans.`);
  if (isLocalDataRemoved) terminal.print("Removed the data of the workspace's local service.");
  for (const { runId, reason } of left) terminal.print(`Left ${runId} alone: ${reason}.`);
  for (const { id } of draftsInUse) terminal.print(`Left the draft ${id} alone: another process is at work on it.`);
}

function printRemains(terminal: Terminal, workspace: string, remains: WorkspaceCleanReport["remains"]): void {
  if (remains.length === 0) return;
  terminal.print(`What remains in ${workspace}:`);
  for (const { name, sizeBytes, about } of remains)
    terminal.print(`  ${name.padEnd(14)}  ${formatBytes(sizeBytes).padStart(8)}  ${colors.dim(about)}`);
}

const sum = (sizes: readonly { readonly sizeBytes: number }[]): string =>
  formatBytes(sizes.reduce((total, { sizeBytes }) => total + sizeBytes, 0));

function printClean(terminal: Terminal, plans: readonly CleanPlan[], drafts: LeftBehind["drafts"]): void {
  if (plans.length + drafts.length === 0)
    terminal.print("There is nothing to remove: no plan, and no run that has ended, has left anything.");
  for (const { id, fileCount, sizeBytes, directory } of drafts) {
    terminal.print(`${colors.dim("Draft".padEnd(11))}${id}  of a plan: a copy of its table, and its requests`);
    terminal.print(
      `${colors.dim("  disk".padEnd(11))}${formatNumberOf(fileCount, "file")}, ${formatBytes(sizeBytes)} in ${directory}`,
    );
  }
  for (const plan of plans) {
    const { runId, runName, bucket, objects, uploads, isUploadsHidden, isVersionsHidden, strangers, directory, files } =
      plan;
    const add = (label: string, text: string): void => terminal.print(`${colors.dim(label.padEnd(11))}${text}`);
    add("Run", `${runId}  ${runName}`);
    if (bucket !== undefined) {
      const parts = uploads.length === 0 ? "" : ` and ${formatNumberOf(uploads.length, "unfinished upload")}`;
      add("  S3", `${countObjects(objects)}, ${sum(objects)}${parts} in s3://${bucket}`);
      const names = [...new Set(objects.map(({ name }) => name))];
      for (const name of names.slice(0, 5)) terminal.print(`             ${colors.dim(name)}`);
      if (names.length > 5) terminal.print(`             ${colors.dim(`and ${names.length - 5} more`)}`);
    }
    if (isUploadsHidden) add("", "unfinished uploads cannot be listed: s3:ListBucketMultipartUploads is missing");
    if (isVersionsHidden) {
      add(
        "",
        `s3://${bucket} keeps versions, and s3:ListBucketVersions is missing: the bytes stay behind delete markers`,
      );
      add("", "halfprice setup shows the rights: s3:ListBucketVersions and s3:DeleteObjectVersion");
    }
    if (strangers.length > 0) {
      const some = strangers.slice(0, 3).join(", ");
      add("  left", `${formatNumberOf(strangers.length, "object")} beside that halfprice did not make: ${some}`);
    }
    add("  disk", `${formatNumberOf(files.length, "file")}, ${sum(files)} in ${directory}`);
  }
}

/** Objects, or their versions and delete markers where the bucket keeps them. */
function countObjects(objects: CleanPlan["objects"]): string {
  if (objects.every(({ versionId }) => versionId === undefined)) return formatNumberOf(objects.length, "object");
  const markers = objects.filter(({ isMarker }) => isMarker === true).length;
  const versions = formatNumberOf(objects.length - markers, "object version");
  return markers === 0 ? versions : `${versions} and ${formatNumberOf(markers, "delete marker")}`;
}

function question(plans: readonly CleanPlan[], drafts: LeftBehind["drafts"], { keepResults }: CleanFlags): string {
  const parts = [
    ...(plans.length === 0 ? [] : [formatNumberOf(plans.length, "run")]),
    ...(drafts.length === 0 ? [] : [formatNumberOf(drafts.length, "draft")]),
  ];
  const what = `Remove all this of ${parts.join(" and ")}?`;
  if (plans.length === 0) return what;
  return keepResults === true
    ? `${what} (The tables stay; nothing of these runs can be retried.)`
    : `${what} (Their tables go with it: export what you need. What they have cost stays known.)`;
}
