import { formatCount, formatDuration, formatUsd, sayShare } from "../../foundation/format.ts";
import { moneyOf } from "../../foundation/sum-money.ts";
import { type Html, html } from "../html.ts";
import type { ReportInput } from "../report-input.ts";

/** What a run came to, in four or five numbers. */
export function makeTiles({ summary, origin }: ReportInput): Html {
  const { rowCount, outcomeCounts, durationMs } = summary;
  const money = moneyOf(summary);
  const isReal = origin.kind === "aws";
  const usd = (value: number | undefined): string => (value === undefined ? "not known" : formatUsd(value));
  // Together all that was not paid; what is not known is left out.
  const saved = (money.savedByBatchUsd ?? 0) + (money.savedByOnceUsd ?? 0) + (money.savedByEarlierUsd ?? 0);
  const whole = (money.paidUsd ?? 0) + saved;
  const ratio = whole > 0 ? ` (${Math.round((saved / whole) * 100)} %)` : "";
  const tiles: [string, string][] = [
    [formatCount(rowCount), rowCount === 1 ? "row" : "rows"],
    [sayShare(outcomeCounts.answered, rowCount), `answered: ${formatCount(outcomeCounts.answered)}`],
    [usd(money.paidUsd), isReal ? "paid" : "would be paid on AWS"],
    [
      money.savedByBatchUsd === undefined ? "not known" : formatUsd(saved),
      `${isReal ? "saved" : "would be saved"}${ratio}`,
    ],
    [formatDuration(durationMs), "from the first job to the table"],
  ];
  return html`<div class="tiles">${tiles.map(([figure, label]) => html`<div class="tile"><b>${figure}</b><span>${label}</span></div>`)}</div>`;
}
