import { formatCount, sayShare } from "../foundation/format.ts";
import { makeMoneyLines } from "../foundation/money-line.ts";
import { outcomes, type RunSummary } from "../foundation/types/index.ts";
import { openCharts } from "./charts.ts";
import { Html, html } from "./html.ts";
import type { ReportInput } from "./report-input.ts";
import { reportStyle } from "./report-style.ts";
import { makeAnswers, makeEvaluation, makeSamples } from "./sections/answers.ts";
import { makeCauses, makeJobs } from "./sections/causes.ts";
import { makeMoney, makeTokens } from "./sections/money.ts";
import { makeRequest, makeVersions } from "./sections/request.ts";
import { makeTiles } from "./sections/tiles.ts";

/** From this share of rows without an answer on, why comes before everything else. */
const alarmRatio = 0.05;

/** The report of a run: one file, no network, nothing that runs. */
export async function makeReport(input: ReportInput): Promise<string> {
  const { runId, name, createdAt, origin, plan, summary } = input;
  const charts = await openCharts();
  const where = origin.kind === "local" ? "local service" : `account ${origin.accountId}`;
  const at = `${new Date(createdAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const { answered, skipped } = summary.outcomeCounts;
  const lacking = summary.rowCount - answered - skipped;
  const isAlarming = lacking / Math.max(1, summary.rowCount) >= alarmRatio;
  const causes = makeCauses(summary);
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${name} · halfprice</title>
<style>${style}</style>
<h1>${name}</h1>
<p class="soft">${[at, plan.model.label, where, origin.region].join(" · ")} · run <code>${runId}</code></p>
${isAlarming ? makeAlarm(summary, lacking) : undefined}
${makeTiles(input)}
${makeOutcomeBar(summary)}
<div class="money">${makeMoneyLines({ summary, model: plan.model, origin }).map((line) => html`<p>${line}</p>`)}</div>
${isAlarming ? causes : undefined}
${makeAnswers(input.table.answers, charts)}
${makeEvaluation(input.evaluation, charts)}
${makeSamples(input.table.samples)}
${isAlarming ? undefined : causes}
${makeMoney(input, charts)}
${makeRequest(input)}
${makeTokens(input, charts)}
${makeJobs(input, charts)}
${makeVersions(input)}
</html>
`;
  return page.text;
}

// Ours, and no data: it goes in as it is.
const style = new Html(reportStyle);

function makeAlarm(summary: RunSummary, lacking: number): Html {
  const [cause] = summary.causes;
  const why = cause?.explanation?.cause ?? cause?.message;
  const fix = cause?.explanation?.fix;
  return html`<div class="alarm"><strong>${formatCount(lacking)} of ${formatCount(summary.rowCount)} rows have no answer</strong>
${why === undefined ? undefined : html`<p>${cause === undefined || cause.count === lacking ? "" : `${formatCount(cause.count)} of them: `}${why}</p>`}
${fix === undefined ? undefined : html`<p><b>Fix:</b> ${fix}</p>`}</div>`;
}

function makeOutcomeBar({ outcomeCounts, rowCount }: RunSummary): Html {
  const counted = outcomes.filter((outcome) => outcomeCounts[outcome] > 0);
  const label = counted.map((outcome) => `${formatCount(outcomeCounts[outcome])} ${outcome}`).join(", ");
  const ratio = (count: number): string => `${((count / Math.max(1, rowCount)) * 100).toFixed(2)}%`;
  return html`<div class="bar" role="img" aria-label="${label}">${counted.map((outcome) => html`<i class="${outcome}" style="width:${ratio(outcomeCounts[outcome])}"></i>`)}</div>
<ul class="legend">${counted.map((outcome) => html`<li class="${outcome}"><i></i>${formatCount(outcomeCounts[outcome])} ${outcome} <span class="soft">${sayShare(outcomeCounts[outcome], rowCount)}</span></li>`)}</ul>`;
}
