import type { Command } from "commander";
import { type ListedModel, listModels } from "../../models/list-models.ts";
import { printJson } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { formatTable } from "../print-table.ts";
import { colors, openTerminal, type Terminal } from "../terminal.ts";

export function define(command: Command): void {
  command.option("--family <name>", "only models of a family");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice models --region eu-central-1\n  halfprice models --family openai-chat --json",
  );
  command.action((flags: CommonFlags & { readonly family?: string }) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const models = listModels({ region: flags.region, family: flags.family, nowMs: Date.now() });
    if (flags.json === true) printJson(terminal, models);
    else printModels(terminal, models, flags.region);
  });
}

/** Ids are there to be copied, so none is cut. */
const widest = 240;

function printModels(terminal: Terminal, models: readonly ListedModel[], region: string | undefined): void {
  const usd = (price: { inputUsd: number; outputUsd: number } | undefined): string =>
    price === undefined ? "" : `${price.inputUsd} / ${price.outputUsd}`;
  const rows = models.map((model) => {
    const prices = model.invokeId?.startsWith("global.") === true ? model.globalPrices : model.prices;
    return [
      model.alias,
      model.invokeId ?? model.id,
      model.family,
      sayBatch(model),
      usd(prices?.batch),
      usd(prices?.onDemand),
      prices?.asOf ?? "",
    ];
  });
  const right = "right" as const;
  const columns = [
    ...[
      { head: "alias" },
      { head: region === undefined ? "model id" : `as used in ${region}` },
      { head: "family" },
      { head: "batch" },
    ],
    ...[{ head: "batch $/M in / out", align: right }, { head: "on demand", align: right }, { head: "prices of" }],
  ];
  for (const line of formatTable(columns, rows, Math.max(widest, process.stdout.columns ?? 0))) terminal.print(line);
  const notices = models.filter(({ batch }) => batch !== "no").flatMap(({ notice }) => notice ?? []);
  if (notices.length > 0) terminal.print();
  for (const notice of notices) terminal.print(colors.dim(notice));
  terminal.print();
  terminal.print(
    colors.dim("An empty price is not known. Prices are for us-east-1 and us-west-2; other regions may differ."),
  );
}

function sayBatch({ batch, isHere, life, regions, profileRegions }: ListedModel): string {
  if (life === "ended") return "ended";
  if (batch !== "yes") return batch;
  if (isHere !== undefined) return isHere ? "yes" : "not here";
  const count = new Set([...regions, ...profileRegions]).size;
  return `${count} ${count === 1 ? "region" : "regions"}`;
}
