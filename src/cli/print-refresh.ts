import type { ModelRefresh } from "../admin.ts";
import type { TokenPrice } from "../foundation/types/index.ts";
import { colors } from "./display/colors.ts";
import { formatTable } from "./print-table.ts";
import type { Terminal } from "./terminal.ts";

type UnmatchedRow = ModelRefresh["unmatched"][number];

/** More rows than this are counted, and are whole in `--json`. */
const shownRows = 12;

/** What a refresh changed, what it counted, and what it could not match. */
export function printRefresh(terminal: Terminal, refresh: ModelRefresh): void {
  const { region, changes, unmatched, rowCount } = refresh;
  const right = "right" as const;
  if (changes.length === 0) terminal.print(`Nothing has changed in ${region}.`);
  else {
    const columns = [{ head: "model" }, { head: "what" }, { head: "was", align: right }, { head: "is", align: right }];
    const rows = changes.map((change) =>
      "route" in change
        ? [change.alias, `${change.what}, ${change.route}`, sayPrice(change.before), sayPrice(change.after)]
        : [change.alias, change.what, change.before, change.after],
    );
    for (const line of formatTable(columns, rows, terminal.columns)) terminal.print(line);
  }
  terminal.print();
  terminal.print(
    rowCount === undefined
      ? "No prices: the local service has no price list."
      : [
          `${rowCount} rows of the Price List`,
          `prices of ${refresh.pricedModelCount} models`,
          `${refresh.otherCount} rows of other things`,
          `${unmatched.length} not matched`,
        ].join(" · "),
  );
  terminal.print(`${refresh.listedModelCount} models and ${refresh.profileCount} inference profiles in ${region}`);
  if (unmatched.length > 0) printUnmatched(terminal, unmatched);
  terminal.print();
  terminal.print(
    colors.dim(`Kept in ${refresh.path}, as of ${refresh.readAt}. Whether a model runs in batch is in no`),
  );
  terminal.print(colors.dim("list of the account's; it stays as halfprice knows it."));
}

function printUnmatched(terminal: Terminal, unmatched: readonly UnmatchedRow[]): void {
  terminal.print();
  const columns = [{ head: "not matched" }, { head: "usage type" }, { head: "why" }];
  const rows = unmatched.slice(0, shownRows).map(({ name, usageType, reason }) => [name, usageType, reasons[reason]]);
  for (const line of formatTable(columns, rows, terminal.columns)) terminal.print(line);
  if (unmatched.length > shownRows) terminal.print(`and ${unmatched.length - shownRows} more, all in --json`);
}

const reasons: Readonly<Record<UnmatchedRow["reason"], string>> = {
  shape: "not a product as the Price List has them",
  spelling: "its usage type is spelled in a way that is not known",
  model: "not a model of the catalogue",
  unit: "not for tokens by the thousand or the million",
  price: "no price in dollars that holds now",
  "rows disagree": "rows of the same thing have different prices",
  half: "the other of input and output is missing",
};

const sayPrice = (price: TokenPrice | undefined): string =>
  price === undefined ? "not known" : `${price.inputUsd} / ${price.outputUsd}`;
