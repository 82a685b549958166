import type { Command } from "commander";
import { listDrafts, readSettings } from "../../admin.ts";
import { formatBytes, formatCount, formatNumberOf, formatUsd } from "../../foundation/format.ts";
import { paidNames } from "../../foundation/money-table.ts";
import { type RunTotals, type SessionOptions, totalRuns } from "../../index.ts";
import { describeRow, describeTotal } from "../json/describe-money.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { formatTable } from "../print-table.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

type ListedRun = RunTotals["runs"][number];
type OriginTotal = RunTotals["totals"][number];

export function define(command: Command): void {
  command.option("--drafts", "plans that no run was made of: what they keep of their tables");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice runs");
  command.action(async (flags: CommonFlags & { readonly drafts?: boolean }) => {
    const options = toSessionOptions(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    if (flags.drafts === true) return showDrafts(terminal, options, flags.json === true);
    const { runs, totals } = await totalRuns(options);
    if (flags.json === true)
      return printJson(terminal, { runs: runs.map(describeRow), totals: totals.map(describeTotal) });
    if (runs.length === 0) {
      terminal.print(`No runs in ${await findWorkspace(options)} yet. To begin: halfprice demo`);
      return;
    }
    const right = "right" as const;
    const columns = [
      ...[
        { head: "run" },
        { head: "name" },
        { head: "state" },
        { head: "where", isOptional: true },
        { head: "model", isOptional: true },
      ],
      ...["rows", "answered", "estimate", "reserved", "paid"].map((head) => ({
        head,
        align: right,
        isOptional: head === "estimate" || head === "reserved",
      })),
    ];
    const lines = formatTable(columns, runs.map(cellsOf), terminal.columns);
    for (const line of lines) terminal.print(line);
    terminal.print("");
    for (const { id, trouble } of runs) if (trouble !== undefined) terminal.print(`${id}: ${hints[trouble](id)}`);
    for (const total of totals) for (const line of sayTotal(total)) terminal.print(line);
    if (totals.some(({ kind }) => kind === "local"))
      terminal.print("In brackets: what a simulation on the local service would cost on AWS.");
  });
}

async function findWorkspace(options: SessionOptions): Promise<string> {
  return (await readSettings(options)).workspaceName;
}

/** Copies of tables that plans have left. */
async function showDrafts(terminal: Terminal, options: SessionOptions, isJson: boolean): Promise<void> {
  const drafts = await listDrafts(options);
  if (isJson) return printJson(terminal, { drafts });
  if (drafts.length === 0) return terminal.print(`No drafts in ${await findWorkspace(options)}.`);
  const columns = [
    { head: "draft" },
    { head: "files", align: "right" as const },
    { head: "size", align: "right" as const },
    { head: "state" },
  ];
  const cells = drafts.map(({ id, fileCount, sizeBytes, isInUse }) => [
    id,
    formatCount(fileCount),
    formatBytes(sizeBytes),
    isInUse ? "in use" : "left by a plan",
  ]);
  for (const line of formatTable(columns, cells)) terminal.print(line);
  terminal.print("A draft goes a day after its plan, or with: halfprice clean");
}

/** What can be done about a run that does not go on by itself. */
const hints: Readonly<Record<NonNullable<ListedRun["trouble"]>, (id: string) => string>> = {
  "files gone": (id) =>
    `its folder is gone; halfprice stop ${id} gives it up (what its jobs may cost stays reserved until then)`,
  "cannot be read": (id) => `its files are broken; halfprice stop ${id} gives it up`,
  "newer version": () => "a newer halfprice began it; npm install -g halfprice@latest goes on with it",
  "job unknown": (id) =>
    `the service does not know its job; halfprice resume ${id} asks again, halfprice stop ${id} gives it up`,
  refused: (id) => `the service refused its job; halfprice resume ${id} tries again, halfprice stop ${id} gives it up`,
};

function cellsOf(run: ListedRun): string[] {
  const { id, name, state, trouble, origin, modelLabel, rowCount, estimateUsd, reservedUsd, summary } = run;
  const show = (usd: number | undefined): string =>
    usd === undefined ? "" : origin.kind === "local" ? `(${formatUsd(usd)})` : formatUsd(usd);
  return [
    id,
    name,
    trouble ?? state,
    origin.kind === "local" ? "local" : `${origin.accountId} ${origin.region}`,
    modelLabel,
    formatCount(rowCount),
    summary === undefined ? "" : formatCount(summary.outcomeCounts.answered),
    show(estimateUsd?.expected),
    reservedUsd === 0 ? "" : show(reservedUsd),
    summary !== undefined && summary.paidUsd === undefined ? "not known" : show(summary?.paidUsd),
  ];
}

/** What all runs of an origin come to, in two lines at the most. */
function sayTotal({ kind, accountId, runCount, unpricedCount, reservedUsd, money }: OriginTotal): string[] {
  const isReal = kind === "aws";
  const { parts, paidUsd = 0, onDemandUsd = 0, savedByBatchUsd = 0, savedByOnceUsd = 0, savedByEarlierUsd = 0 } = money;
  const apart =
    parts.length < 2
      ? ""
      : ` (${parts.map((part) => `${paidNames[part.kind]} ${formatUsd(part.usd ?? 0)}`).join(", ")})`;
  const head = [
    `${isReal ? `account ${accountId}` : "local service"}: ${formatNumberOf(runCount, "run")}`,
    isReal ? `${formatUsd(paidUsd)} paid${apart}` : `would cost ${formatUsd(paidUsd)}${apart}`,
    `${formatUsd(onDemandUsd)} on demand`,
    ...(reservedUsd === undefined
      ? ["reserved not known"]
      : reservedUsd > 0
        ? [`${formatUsd(reservedUsd)} reserved`]
        : []),
    ...(unpricedCount > 0 ? [`${formatNumberOf(unpricedCount, "run")} of a price not known not counted`] : []),
  ];
  const saved: readonly (readonly [string, number])[] = [
    ["batch", savedByBatchUsd],
    ["sending equal requests once", savedByOnceUsd],
    ["earlier answers", savedByEarlierUsd],
  ];
  const ways = saved.filter(([, usd]) => usd !== 0).map(([way, usd]) => `${formatUsd(usd)} by ${way}`);
  if (!isReal || ways.length === 0) return [head.join(" · ")];
  return [head.join(" · "), `${" ".repeat(`account ${accountId}: `.length)}saved ${ways.join(", ")}`];
}
