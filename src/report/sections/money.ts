import { formatBytes, formatCount, formatTokens, formatUsd } from "../../foundation/format.ts";
import { makeMoneyTable } from "../../foundation/money-table.ts";
import { moneyOf } from "../../foundation/sum-money.ts";
import type { Charts, MoneyStep } from "../charts.ts";
import { Html, html } from "../html.ts";
import type { ReportInput } from "../report-input.ts";
import { makeFacts, makeTable } from "./table.ts";

/** From what every row would have cost on demand down to what was paid. */
export function makeMoney({ summary, origin }: ReportInput, charts: Charts): Html {
  const money = moneyOf(summary);
  const isReal = origin.kind === "aws";
  const saved = [
    { name: "saved by deduplication", usd: money.savedByOnceUsd },
    { name: "saved by earlier answers", usd: money.savedByEarlierUsd },
    { name: "saved by batch pricing", usd: money.savedByBatchUsd },
  ].flatMap(({ name, usd }): MoneyStep[] =>
    usd === undefined || usd <= 0 ? [] : [{ name, usd, text: `− ${formatUsd(usd)}`, kind: "saved" }],
  );
  const chart = (): Html | undefined => {
    if (money.paidUsd === undefined || saved.length === 0) return undefined;
    const whole = saved.reduce((sum, { usd }) => sum + usd, money.paidUsd);
    const steps: MoneyStep[] = [
      { name: "on demand, each row", usd: whole, text: formatUsd(whole), kind: "total" },
      ...saved,
      { name: isReal ? "paid" : "would be paid", usd: money.paidUsd, text: formatUsd(money.paidUsd), kind: "paid" },
    ];
    return html`<div class="chart">${new Html(charts.money(steps))}</div>`;
  };
  return html`<h2>Money</h2>${chart()}
${makeTable(
  [[""], ["", true], [""]],
  makeMoneyTable(money, origin).map(({ label, figure, note }) => [label.trim(), figure, note]),
)}`;
}

/** Tokens of requests and answers, and how much was sent. */
export function makeTokens({ summary, plan, table }: ReportInput, charts: Charts): Html {
  const isKnown = summary.usageSource !== "none";
  const facts: [string, string][] = [
    ["Input tokens", isKnown ? formatTokens(summary.usage.inputTokens) : "not reported"],
    ["Output tokens", isKnown ? formatTokens(summary.usage.outputTokens) : "not reported"],
    ["Distinct requests", formatCount(summary.recordCount)],
    ["Uploaded", formatBytes(plan.sizeBytes)],
  ];
  const drawn = [
    { name: "Input tokens of a row", bins: table.inputTokens },
    { name: "Output tokens of a row", bins: table.outputTokens },
  ].filter(({ bins }) => bins.length > 1);
  return html`<h2>Tokens</h2>
${makeFacts(facts)}
<div class="charts">${drawn.map(({ name, bins }) => html`<div class="chart"><h3>${name}</h3>${new Html(charts.histogram(bins, "tokens"))}</div>`)}</div>`;
}
