import type { Command } from "commander";
import { listRuns } from "../../index.ts";
import { formatCount, formatUsd } from "../../report/format.ts";
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
    const runs = await listRuns({ config });
    if (flags.json === true) return printJson(terminal, runs);
    if (runs.length === 0) {
      terminal.print(`No runs in ${config.workspace} yet. To begin: halfprice demo`);
      return;
    }
    const rows = runs.map(({ id, name, state, origin, modelLabel, rowCount, summary }) => [
      id,
      name,
      state,
      origin.kind === "local" ? "local" : `${origin.accountId} ${origin.region}`,
      modelLabel,
      formatCount(rowCount),
      summary === undefined ? "" : formatCount(summary.outcomeCounts.answered),
      summary?.paidUsd === undefined
        ? ""
        : origin.kind === "local"
          ? `(${formatUsd(summary.paidUsd)})`
          : formatUsd(summary.paidUsd),
    ]);
    const right = "right" as const;
    const columns = [
      ...[{ head: "run" }, { head: "name" }, { head: "state" }, { head: "where" }, { head: "model" }],
      ...[
        { head: "rows", align: right },
        { head: "answered", align: right },
        { head: "paid", align: right },
      ],
    ];
    for (const line of formatTable(columns, rows, process.stdout.columns ?? 140)) terminal.print(line);
    const real = runs.filter(({ origin }) => origin.kind === "aws").flatMap(({ summary }) => summary ?? []);
    const paid = real.reduce((sum, { paidUsd }) => sum + (paidUsd ?? 0), 0);
    const onDemand = real.reduce((sum, { onDemandUsd, paidUsd }) => sum + (onDemandUsd ?? paidUsd ?? 0), 0);
    if (real.length > 0)
      terminal.print(
        `${formatUsd(paid)} paid · ${formatUsd(onDemand)} on demand · ${formatUsd(onDemand - paid)} saved`,
      );
    if (runs.some(({ origin }) => origin.kind === "local"))
      terminal.print("In brackets: what a rehearsal on the local service would cost on AWS.");
  });
}
