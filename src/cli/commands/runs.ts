import type { Command } from "commander";
import { formatCount, formatNumberOf, formatUsd } from "../../report/format.ts";
import { paidNames } from "../../report/money-table.ts";
import { type ListedRun, type OriginTotal, type RunTrouble, totalMoney } from "../../workspace/total-money.ts";
import { printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { formatTable } from "../print-table.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice runs");
  command.action(async (flags: CommonFlags) => {
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const { runs, totals } = await totalMoney({ config });
    if (flags.json === true) return printJson(terminal, { runs, totals });
    if (runs.length === 0) {
      terminal.print(`No runs in ${config.workspace} yet. To begin: halfprice demo`);
      return;
    }
    const right = "right" as const;
    const columns = [
      ...[{ head: "run" }, { head: "name" }, { head: "state" }, { head: "where" }, { head: "model" }],
      ...["rows", "answered", "estimate", "reserved", "paid"].map((head) => ({ head, align: right })),
    ];
    const lines = formatTable(columns, runs.map(cellsOf), process.stdout.columns ?? 160);
    for (const line of lines) terminal.print(line);
    terminal.print("");
    for (const { id, trouble } of runs) if (trouble !== undefined) terminal.print(`${id}: ${hints[trouble](id)}`);
    for (const total of totals) for (const line of sayTotal(total)) terminal.print(line);
    if (totals.some(({ kind }) => kind === "local"))
      terminal.print("In brackets: what a rehearsal on the local service would cost on AWS.");
  });
}

/** What can be done about a run that does not go on by itself. */
const hints: Readonly<Record<RunTrouble, (id: string) => string>> = {
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
