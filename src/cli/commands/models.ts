import type { Command } from "commander";
import {
  type CatalogueState,
  describeCatalogue,
  type ListedModel,
  models as listModels,
  refreshModelList,
} from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../json/print-json.ts";
import { inSession } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { printRefresh } from "../print-refresh.ts";
import { formatTable } from "../print-table.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

interface ModelFlags extends CommonFlags {
  readonly family?: string;
  readonly refresh?: boolean;
}

export function define(command: Command): void {
  command.option("--family <name>", "only models of a family");
  command.option("--refresh", "read the region's prices and models from the account into the workspace");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    [
      "\nExample:\n  halfprice models --region eu-central-1\n  halfprice models --family openai-chat --json",
      "  halfprice models --refresh --region eu-central-1",
    ].join("\n"),
  );
  command.action((flags: ModelFlags) => (flags.refresh === true ? refresh(flags) : list(flags)));
}

async function refresh(flags: ModelFlags): Promise<void> {
  if (flags.family !== undefined) {
    const problems = ["--refresh reads every family's models; --family is for the list"];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice models" });
  }
  await inSession(flags, async ({ options, terminal, progress }) => {
    const refreshed = await refreshModelList(options);
    progress.end();
    if (flags.json === true) printJson(terminal, refreshed);
    else printRefresh(terminal, refreshed);
  });
}

async function list(flags: ModelFlags): Promise<void> {
  const terminal = openTerminal({ isQuiet: flags.quiet === true });
  const { family } = flags;
  const models = await listModels({ ...toSessionOptions(flags), ...defined({ family }) });
  if (flags.json === true) printJson(terminal, models);
  else printModels(terminal, models, flags.region, await describeCatalogue());
}

function printModels(
  terminal: Terminal,
  models: readonly ListedModel[],
  region: string | undefined,
  { comparedAt, warning, priceListSource }: CatalogueState,
): void {
  const usd = (price: { inputUsd: number; outputUsd: number } | undefined): string =>
    price === undefined ? "" : `${price.inputUsd}\u00a0/\u00a0${price.outputUsd}`;
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
      { head: "family", isOptional: true },
      { head: "batch" },
    ],
    ...[
      { head: "batch $/M in / out", align: right },
      { head: "on demand", align: right },
      { head: "prices of", isOptional: true },
    ],
  ];
  for (const line of formatTable(columns, rows, terminal.columns)) terminal.print(line);
  const notices = models.filter(({ batch }) => batch !== "no").flatMap(({ notice }) => notice ?? []);
  if (notices.length > 0) terminal.print();
  for (const notice of notices) terminal.print(colors.dim(notice));
  terminal.print();
  terminal.print(colors.dim(`The catalogue was last compared with AWS's pages on ${comparedAt}.`));
  if (warning !== undefined) terminal.print(colors.yellow(warning));
  const isRead = (model: ListedModel): boolean => model.prices?.source.startsWith(priceListSource) === true;
  const words = models.some(isRead)
    ? `Those of ${priceListSource} are ${region === undefined ? "a region's own" : `${region}'s own`}; the others are`
    : "Prices are";
  terminal.print(
    colors.dim(`An empty price is not known. ${words} for us-east-1 and us-west-2; other regions may differ.`),
  );
  if (!models.some(isRead))
    terminal.print(colors.dim(`The account's own: halfprice models --refresh --region ${region ?? "us-east-1"}`));
}

function sayBatch({ batch, isHere, isGlobalOnly, life, regions, profileRegions }: ListedModel): string {
  if (life === "ended") return "ended";
  if (batch !== "yes") return batch;
  if (isGlobalOnly === true) return "global only";
  if (isHere !== undefined) return isHere ? "yes" : "not here";
  const count = new Set([...regions, ...profileRegions]).size;
  return `${count} ${count === 1 ? "region" : "regions"}`;
}
