import { cutText, type Html, html } from "../html.ts";
import type { ReportInput } from "../report-input.ts";
import { makeFacts } from "./table.ts";

/** Letters of a prompt that are shown. */
const promptLetters = 6000;

/** What was asked of which model. */
export function makeRequest({ request, plan: { model } }: ReportInput): Html {
  const facts: (readonly [string, string])[] = [
    ["model", `${model.label}, as ${model.invokeId}`],
    ["prompt", request.source],
    ...request.settings,
  ];
  return html`<h2>What was asked</h2>
${makeFacts(facts)}
<pre dir="auto">${cutText(request.prompt, promptLetters)}</pre>`;
}

/** What made it, and how to make it again. */
export function makeVersions({ request, runId }: ReportInput): Html {
  return html`<h2>How to reproduce</h2>
<pre>${request.command}</pre>
<p class="soft">This table again: <code>halfprice export ${runId} -o answers.csv</code></p>
${makeFacts(request.versions)}`;
}
