import type { Command } from "commander";
import { listModels } from "../../models/list-models.ts";
import { printJson } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { formatTable } from "../print-table.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  command.option("--family <name>", "only models of a family");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice models --region eu-central-1");
  command.action((flags: CommonFlags & { readonly family?: string }) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const models = listModels(flags.region, flags.family);
    if (flags.json === true) return printJson(terminal, models);
    const usd = (price: { inputUsd: number; outputUsd: number } | undefined): string =>
      price === undefined ? "" : `${price.inputUsd} / ${price.outputUsd}`;
    const rows = models.map((model) => [
      model.alias,
      model.invokeId ?? model.id,
      model.family,
      model.batch === "yes" ? (model.isHere === false ? "not here" : "yes") : model.batch,
      usd(model.prices?.batch),
      usd(model.prices?.onDemand),
      model.prices?.asOf ?? "",
    ]);
    const right = "right" as const;
    const columns = [
      ...[
        { head: "alias" },
        { head: flags.region === undefined ? "model id" : `as used in ${flags.region}` },
        { head: "family" },
        { head: "batch" },
      ],
      ...[{ head: "batch $/M in / out", align: right }, { head: "on demand", align: right }, { head: "prices of" }],
    ];
    for (const line of formatTable(columns, rows, Math.max(140, process.stdout.columns ?? 0))) terminal.print(line);
    return undefined;
  });
}
