import { type Explanation, type Origin, outcomes, type Plan, type RunSummary } from "../foundation/types/index.ts";
import { formatBytes, formatCount, formatDuration, formatTokens } from "./format.ts";
import { makeMoneyLines } from "./money-line.ts";
import { makeMoneyTable } from "./money-table.ts";
import { moneyOf } from "./sum-money.ts";

/** A job as the report shows it. */
export interface ReportedJob {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly message: string | undefined;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** The job's page in the AWS console; undefined for the local service. */
  readonly link: string | undefined;
}

export interface ReportInput {
  readonly runId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly origin: Origin;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly jobs: readonly ReportedJob[];
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

const style = `
:root { color-scheme: light dark; --line: #d5d9de; --soft: #5b6470; --good: #1a7f52; --bad: #b3392f; --panel: #f6f7f9 }
@media (prefers-color-scheme: dark) { :root { --line: #3a4048; --soft: #9aa4b0; --good: #4cc38a; --bad: #f2786d; --panel: #1d2126 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem } .soft { color: var(--soft) }
.money { font-size: 1.15rem; padding: .9rem 1.1rem; background: var(--panel); border-radius: .5rem; margin: 1.25rem 0 }
.money p { margin: 0 } table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600; color: var(--soft) } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.bar { display: flex; height: .6rem; border-radius: .3rem; overflow: hidden; background: var(--line) }
.bar i { background: var(--bad) } .bar i.answered { background: var(--good) } .bar i.skipped { background: var(--soft) }
code { font-size: .9em; overflow-wrap: anywhere } .warn { color: var(--bad) }`;

/** The report of a run: one file, no network, nothing that runs. */
export function makeReport({ runId, name, createdAt, origin, plan, summary, jobs }: ReportInput): string {
  const where = origin.kind === "local" ? "local service" : `account ${origin.accountId}`;
  const subtitle = [
    new Date(createdAt).toISOString().slice(0, 16).replace("T", " "),
    "UTC",
    plan.model.label,
    where,
    origin.region,
  ];
  const counted = outcomes.filter((outcome) => summary.outcomeCounts[outcome] > 0);
  const ratio = (count: number): string => `${((count / Math.max(1, summary.rowCount)) * 100).toFixed(2)}%`;
  const bar = counted
    .map((outcome) => `<i class="${outcome}" style="width:${ratio(summary.outcomeCounts[outcome])}"></i>`)
    .join("");
  const facts: [string, string][] = [
    ["Rows", formatCount(summary.rowCount)],
    ["Distinct requests", formatCount(summary.recordCount)],
    ["Input tokens", summary.usageSource === "none" ? "not reported" : formatTokens(summary.usage.inputTokens)],
    ["Output tokens", summary.usageSource === "none" ? "not reported" : formatTokens(summary.usage.outputTokens)],
    ["Uploaded", formatBytes(plan.sizeBytes)],
    ["Duration", formatDuration(summary.durationMs)],
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(name)} · halfprice</title>
<style>${style}</style>
<h1>${escape(name)}</h1>
<div class="soft">${escape(subtitle.join(" · ").replace(" · UTC", " UTC"))} · run <code>${escape(runId)}</code></div>
<div class="money">${makeMoneyLines({ summary, model: plan.model, origin })
    .map((line) => `<p>${escape(line)}</p>`)
    .join("")}</div>
<div class="bar" role="img" aria-label="${escape(counted.map((outcome) => `${formatCount(summary.outcomeCounts[outcome])} ${outcome}`).join(", "))}">${bar}</div>
<h2>Money</h2>
${table(
  ["", "", ""],
  makeMoneyTable(moneyOf(summary), origin).map(({ label, figure, note }) => [label.trim(), figure, note]),
)}
<h2>Outcomes</h2>
${table(
  ["Outcome", "Rows"],
  counted.map((outcome) => [outcome, formatCount(summary.outcomeCounts[outcome])]),
)}
${
  summary.causes.length === 0
    ? ""
    : `<h2>Without an answer, by cause</h2>${table(
        ["Outcome", "Cause", "Rows", "Words of one"],
        summary.causes.map(({ outcome, message, count, explanation }) => [
          outcome,
          explanation === undefined ? message : explanation,
          formatCount(count),
          explanation === undefined ? "" : message,
        ]),
      )}`
}
${summary.discrepancies.length === 0 ? "" : `<h2 class="warn">What does not agree</h2><ul>${summary.discrepancies.map((each) => `<li>${escape(each)}</li>`).join("")}</ul>`}
${
  summary.jobEnds === undefined
    ? ""
    : `<h2 class="warn">Jobs that did not end well</h2>${table(
        ["Job", "State", "Message", "Cause"],
        summary.jobEnds.map(({ jobName, status, message, explanation }) => [
          jobName,
          status,
          message ?? "",
          explanation,
        ]),
      )}`
}
<h2>Figures</h2>
${table(
  ["", ""],
  facts.map(([label, value]) => [label, value]),
)}
<h2>Jobs</h2>
${table(
  ["Job", "State", "Records", "Bytes", "ARN"],
  jobs.map((job) => [
    job.link === undefined ? job.name : { link: job.link, text: job.name },
    job.message === undefined ? job.status : `${job.status}: ${job.message}`,
    formatCount(job.recordCount),
    formatBytes(job.sizeBytes),
    job.arn,
  ]),
)}
<h2>Prompts</h2>
${plan.samples.map(({ row, text }) => `<p class="soft">Row ${formatCount(row + 1)}</p><pre style="white-space:pre-wrap">${escape(text.slice(0, 4000))}</pre>`).join("")}
</html>
`;
}

type Cell = string | { readonly link: string; readonly text: string } | Explanation;

function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const kind = (head: string | undefined): string =>
    /^(Rows|Records|Bytes)$/.test(head ?? "") ? ' class="number"' : "";
  const show = (cell: Cell): string => {
    if (typeof cell === "string") return escape(cell);
    if ("link" in cell) return `<a href="${escape(cell.link)}">${escape(cell.text)}</a>`;
    return `${escape(cell.cause)}<br><span class="soft">Fix:</span> ${escape(cell.fix)}`;
  };
  const head = heads.every((each) => each === "")
    ? ""
    : `<tr>${heads.map((each) => `<th${kind(each)}>${escape(each)}</th>`).join("")}</tr>`;
  const body = rows.map(
    (row) => `<tr>${row.map((cell, index) => `<td${kind(heads[index])}>${show(cell)}</td>`).join("")}</tr>`,
  );
  return `<table>${head}${body.join("")}</table>`;
}
