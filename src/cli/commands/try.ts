import type { Command } from "commander";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { formatNumberOf, formatUsd } from "../../foundation/format.ts";
import { priceTokens } from "../../foundation/money.ts";
import { type TriedBatch, tryRows } from "../../index.ts";
import { colors } from "../display/colors.ts";
import { describeCost } from "../json/describe-money.ts";
import { printJson } from "../json/print-json.ts";
import { inSession } from "../open-session.ts";
import { addCommonOptions, addPromptOptions, addTableOptions, type RunFlags } from "../options/options.ts";
import { readCommandRequest } from "../options/read-command-request.ts";
import { formatCell } from "../print-table.ts";
import type { Terminal } from "../terminal.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec]", "a table, a glob of tables in quotes, run:<id>, or a .ts spec")
    .argument("[prompt]", "a prompt file");
  addTableOptions(addPromptOptions(command)).option("--limit <n>", "how many rows", "3");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice try reviews.csv --prompt "Sentiment of: {{text}}" --model nova-2-lite --limit 3',
  );
  command.action(async (first: string | undefined, second: string | undefined, flags: RunFlags) => {
    const { batch, options } = await readCommandRequest(first, second, flags, "halfprice try");
    await inSession(flags, async ({ options: session, terminal, progress }) => {
      const tried = await tryRows(batch, { ...session, ...options });
      progress.end();
      if (flags.json === true) printJson(terminal, toJson(tried));
      else printTried(terminal, tried);
      const { failedCount, firstError: message = "", explanation } = tried;
      if (failedCount > 0)
        throw new HalfpriceError("TRY_FAILED", { failed: failedCount, total: tried.rows.length, message, explanation });
    });
  });
}

type Tried = TriedBatch<object, unknown>;

/** What they cost on demand, on AWS; undefined where price or usage is not known. */
const costOf = ({ origin, paidUsd, wouldCostUsd }: Tried): number | undefined =>
  origin.kind === "local" ? wouldCostUsd : paidUsd;

function toJson(tried: Tried): object {
  const { model, origin, rows, answerColumns, usage, rowNumbers, failedCount, firstError } = tried;
  const costUsd = costOf(tried);
  return {
    ...{ model, origin, rows, answerColumns },
    ...defined({ ...usage, costUsd }),
    ...{ rowNumbers, failedCount },
    ...defined({ firstError }),
    ...describeCost(origin, costUsd),
  };
}

function printTried(terminal: Terminal, tried: Tried): void {
  for (const [index, row] of tried.rows.entries()) {
    const outcome = formatCell(Object.entries(row).find(([name]) => name.endsWith("halfprice_outcome"))?.[1]);
    terminal.print(
      `${colors.dim(`row ${tried.rowNumbers[index] ?? index + 1}`)}  ${outcome === "answered" ? colors.green(outcome) : colors.yellow(outcome)}`,
    );
    for (const [name, value] of Object.entries(row)) {
      const isAnswer = tried.answerColumns.includes(name);
      const isMeta = /halfprice_(?!error|raw)/.test(name);
      const text = formatAnswer(value);
      if (isMeta || text === "") continue;
      terminal.print(
        `  ${isAnswer ? colors.bold(name) : colors.dim(name)}: ${isAnswer ? text : text.replace(/\s+/g, " ").slice(0, 200)}`,
      );
    }
  }
  const { usage, model, origin } = tried;
  const costUsd = costOf(tried);
  const tokens =
    usage === undefined
      ? "tokens not reported"
      : `${formatNumberOf(usage.inputTokens, "input token")}, ${formatNumberOf(usage.outputTokens, "output token")}`;
  const unknown = model.prices?.onDemand === undefined ? "price not known" : "cost not known";
  const price = costUsd === undefined ? unknown : `${formatUsd(costUsd)} on demand`;
  const local = origin.kind === "local" ? " on AWS (local service; answers are simulated, not a model's)" : "";
  terminal.print(`${formatNumberOf(tried.rows.length, "row")} · ${tokens} · ${price}${local} with ${model.label}`);
  for (const line of sayThousand(tried)) terminal.print(colors.dim(line));
  for (const warning of model.warnings ?? []) terminal.print(colors.yellow(warning));
}

/** What a thousand such rows would cost: a sharper figure than the plan's, which goes by lengths alone. */
function sayThousand({ rows, usage: own, failedCount, model: { prices } }: Tried): string[] {
  const answered = rows.length - failedCount;
  if (prices === undefined || own === undefined || answered === 0) return [];
  const thousand = (tokens: number): number => (tokens / answered) * 1000;
  const usage = { inputTokens: thousand(own.inputTokens), outputTokens: thousand(own.outputTokens) };
  const ways = [
    ...(prices.batch === undefined ? [] : [`${formatUsd(priceTokens(prices.batch, usage))} in batch`]),
    ...(prices.onDemand === undefined ? [] : [`${formatUsd(priceTokens(prices.onDemand, usage))} on demand`]),
  ];
  return ways.length === 0 ? [] : [`1,000 rows like these: about ${ways.join(", ")}`];
}

/** A cell as text; of a vector only its beginning, as nobody reads a thousand numbers. */
function formatAnswer(value: unknown): string {
  const isVector = Array.isArray(value) && value.length > 16 && value.every((each) => typeof each === "number");
  if (!isVector) return formatCell(value);
  const start = value.slice(0, 4).map((each) => each.toFixed(4));
  return `[${start.join(", ")}, … ${value.length} numbers]`;
}
