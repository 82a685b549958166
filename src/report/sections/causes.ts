import { formatBytes, formatCount, formatDuration, formatNumberOf } from "../../foundation/format.ts";
import type { RunSummary } from "../../foundation/types/index.ts";
import type { Charts } from "../charts.ts";
import { Html, html } from "../html.ts";
import type { ReportedJob, ReportInput } from "../report-input.ts";
import { makeTable } from "./table.ts";

/** Why rows have no answer, each cause with its words and its fix; jobs that did not end well; what does not agree. */
export function makeCauses({ causes, discrepancies, jobEnds = [] }: RunSummary): Html | undefined {
  if (causes.length + discrepancies.length + jobEnds.length === 0) return undefined;
  const explained = (explanation: { readonly cause: string; readonly fix: string } | undefined): Html | undefined =>
    explanation === undefined ? undefined : html`<p>${explanation.cause}</p><p><b>Fix:</b> ${explanation.fix}</p>`;
  return html`<h2>Without an answer, by cause</h2>
${causes.map(
  ({ outcome, message, count, explanation }) =>
    html`<div class="cause ${outcome}"><h3><i></i>${formatNumberOf(count, "row")} ${outcome}</h3>${explained(explanation)}<p class="soft">Example: <code>${message}</code></p></div>`,
)}
${jobEnds.map(
  ({ index, status, message, explanation }) =>
    html`<div class="cause error"><h3><i></i>job ${index + 1} ended ${status}</h3>${message === undefined ? undefined : html`<p><code>${message}</code></p>`}${explained(explanation)}</div>`,
)}
${discrepancies.length === 0 ? undefined : html`<h3>What does not agree</h3><ul>${discrepancies.map((each) => html`<li>${each}</li>`)}</ul>`}`;
}

/** When each job ran, and what it held. */
export function makeJobs({ jobs, origin }: ReportInput, charts: Charts): Html | undefined {
  if (jobs.length === 0) return undefined;
  const spans = jobs.flatMap(({ status, submittedAt, endedAt }, index) =>
    submittedAt === undefined || endedAt === undefined
      ? []
      : [
          {
            name: `job ${index + 1}`,
            fromMs: submittedAt,
            toMs: Math.max(endedAt, submittedAt),
            state: status,
            isGood: status === "Completed",
          },
        ],
  );
  // Of hundreds of jobs a line each is no picture.
  const chart =
    spans.length === 0 || spans.length > 60
      ? undefined
      : html`<div class="chart">${new Html(charts.timeline(spans))}</div>`;
  const took = ({ submittedAt, endedAt }: ReportedJob): string =>
    submittedAt === undefined || endedAt === undefined ? "" : formatDuration(Math.max(0, endedAt - submittedAt));
  return html`<h2>Jobs</h2>${origin.kind === "local" ? html`<p class="soft">Times are of the local service’s clock, which runs faster than the wall’s.</p>` : undefined}${chart}
${makeTable(
  [[""], ["Job"], ["State"], ["Records", true], ["Bytes", true], ["Took", true]],
  jobs.map((job, index) => [
    String(index + 1),
    html`${job.link === undefined ? job.name : html`<a href="${job.link}">${job.name}</a>`}<br><code class="soft">${job.arn}</code>`,
    job.message === undefined ? job.status : `${job.status}: ${job.message}`,
    formatCount(job.recordCount),
    formatBytes(job.sizeBytes),
    took(job),
  ]),
)}`;
}
