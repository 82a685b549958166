import type { Command } from "commander";
import type { Config } from "../../config/read-config.ts";
import { isError } from "../../foundation/errors/index.ts";
import { isSameOrigin } from "../../foundation/origin.ts";
import type { Origin } from "../../foundation/types/index.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { formatBytes, formatNumberOf } from "../../report/format.ts";
import { type CleanedRuns, cleanRuns } from "../../workspace/clean-runs.ts";
import { type Draft, listDrafts, removeDrafts } from "../../workspace/drafts.ts";
import { listRemains, type Remains, removeLocalData } from "../../workspace/list-remains.ts";
import { type CleanPlan, planClean, readEndpoint } from "../../workspace/plan-clean.ts";
import { openWorkspace } from "../../workspace/session.ts";
import { findRunRow, listRuns } from "../../workspace/show-run.ts";
import { askOrRefuse } from "../ask.ts";
import { hasEndpoint } from "../ask-shown.ts";
import { colors } from "../display/colors.ts";
import { inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

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
    const config = await readCommandConfig(given);
    const terminal = openTerminal({ isQuiet: given.quiet === true });
    const ledger = await openWorkspace(config);
    try {
      const rows = wanted === undefined ? await listRuns({ config }) : [await findRunRow({ config }, wanted)];
      const origins = rows.map(({ origin }) => origin);
      const all = wanted === undefined ? listDrafts(config.workspace, ledger) : [];
      const drafts = all.filter(({ isInUse }) => !isInUse);
      const services = findServices(given, config, rows);
      const done = await cleanThem(services, wanted !== undefined, given, drafts);
      const isRemoving = given.plan !== true;
      const gone = isRemoving && wanted === undefined && done.isAllowed ? removeDrafts(config.workspace, ledger) : [];
      const isLocalGone =
        isRemoving && wanted === undefined && done.isAllowed ? await removeLocalData(config, ledger) : false;
      const remains = await listRemains(config, ledger);
      const { plans, removed, left } = done;
      if (given.json === true) {
        const isRemoved = removed.length + gone.length > 0;
        return printJson(terminal, {
          removed: isRemoved,
          // Of what is removed; where nothing is, of the workspace's runs, if they are all at one place.
          origin: plans[0]?.origin ?? onlyOrigin(origins) ?? null,
          runs: plans,
          left,
          drafts: isRemoving ? gone : drafts,
          remains,
        });
      }
      if (removed.length > 0) terminal.print(`Removed what ${formatNumberOf(removed.length, "run")} had left.`);
      if (gone.length > 0) terminal.print(`Removed ${formatNumberOf(gone.length, "draft")} of plans.`);
      if (isLocalGone) terminal.print("Removed the data of the workspace's local service.");
      for (const { runId, reason } of left) terminal.print(`Left ${runId} alone: ${reason}.`);
      for (const { id, isInUse } of all)
        if (isInUse) terminal.print(`Left the draft ${id} alone: another process is at work on it.`);
      if (isRemoving) printRemains(terminal, config.workspace, remains);
    } finally {
      ledger.close();
    }
  });
}

interface Cleaned {
  readonly plans: readonly CleanPlan[];
  readonly removed: readonly string[];
  readonly left: CleanedRuns["left"];
  /** Nobody has said no. */
  readonly isAllowed: boolean;
}

/** Plans what is removed at each service, asks once for all of it, and removes it. Without a run nothing is asked of any service. */
async function cleanThem(
  services: readonly Service[],
  isNamed: boolean,
  given: CleanFlags,
  drafts: readonly Draft[],
): Promise<Cleaned> {
  const terminal = openTerminal({ isQuiet: given.quiet === true });
  const isAsking = given.plan !== true && given.yes !== true && given.local !== true;
  const plans: CleanPlan[] = [];
  const silent: CleanedRuns["left"][number][] = [];
  const works: (() => Promise<CleanedRuns>)[] = [];
  for (const { flags, runIds } of services) {
    try {
      await inSession(flags, async ({ session, progress }) => {
        const found = await planClean(session, isNamed ? runIds : undefined, flags.keepResults === true, runIds);
        progress.end();
        plans.push(...found);
        if (found.length > 0) works.push(() => cleanAt(flags, found));
      });
    } catch (error) {
      if (isNamed || services.length === 1 || !isError(error, "UNREACHABLE")) throw error;
      const reason = `the service at ${flags.endpointUrl ?? "AWS"} does not answer`;
      silent.push(...runIds.map((runId) => ({ runId, reason })));
    }
  }
  if (given.json !== true) printClean(terminal, plans, drafts);
  const nothing = { plans, removed: [], left: silent, isAllowed: true };
  if (given.plan === true || plans.length + drafts.length === 0) return nothing;
  if (isAsking) await askOrRefuse(terminal, question(plans, drafts, given));
  const done: CleanedRuns[] = [];
  for (const work of works) done.push(await work());
  return {
    ...nothing,
    removed: done.flatMap(({ removed }) => removed),
    left: [...silent, ...done.flatMap(({ left }) => left)],
  };
}

/** Removes at one service what was planned there. */
async function cleanAt(flags: CleanFlags, plans: readonly CleanPlan[]): Promise<CleanedRuns> {
  let cleaned: CleanedRuns = { removed: [], left: [] };
  await inSession(flags, async ({ session, progress }) => {
    cleaned = await cleanRuns(session, plans);
    progress.end();
  });
  return cleaned;
}

/** The one place of all. */
function onlyOrigin([first, ...others]: readonly Origin[]): Origin | undefined {
  return first !== undefined && others.every((each) => isSameOrigin(each, first)) ? first : undefined;
}

/** A service, and the runs that are at it. */
interface Service {
  readonly flags: CleanFlags;
  readonly runIds: readonly string[];
}

/**
 * How each service is reached that the runs are at. Where the user names none, local runs need no `--local`, and those of a local
 * service elsewhere no `--endpoint-url`: their files say where they are.
 * @returns none where there is no run, and nobody to ask
 */
function findServices(given: CleanFlags, config: Config, rows: readonly RunRow[]): readonly Service[] {
  const runIds = rows.map(({ id }) => id);
  if (rows.length === 0) return [];
  if (given.local === true || config.endpointUrl !== undefined || hasEndpoint()) return [{ flags: given, runIds }];
  const services = new Map<string, { flags: CleanFlags; runIds: string[] }>();
  for (const { id, origin } of rows) {
    const endpointUrl = origin.kind === "local" ? readEndpoint(config.workspace, id) : undefined;
    const own = endpointUrl === undefined ? { local: true } : { endpointUrl };
    const flags = origin.kind === "local" ? { ...given, region: origin.region, ...own } : given;
    const key = origin.kind === "local" ? `${origin.region} ${endpointUrl}` : "aws";
    const service = services.get(key) ?? { flags, runIds: [] };
    services.set(key, service);
    service.runIds.push(id);
  }
  return [...services.values()];
}

function printRemains(terminal: Terminal, workspace: string, remains: readonly Remains[]): void {
  if (remains.length === 0) return;
  terminal.print(`What remains in ${workspace}:`);
  for (const { name, sizeBytes, about } of remains)
    terminal.print(`  ${name.padEnd(14)}  ${formatBytes(sizeBytes).padStart(8)}  ${colors.dim(about)}`);
}

const sum = (sizes: readonly { readonly sizeBytes: number }[]): string =>
  formatBytes(sizes.reduce((total, { sizeBytes }) => total + sizeBytes, 0));

function printClean(terminal: Terminal, plans: readonly CleanPlan[], drafts: readonly Draft[]): void {
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

function question(plans: readonly CleanPlan[], drafts: readonly Draft[], { keepResults }: CleanFlags): string {
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
