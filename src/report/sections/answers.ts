import { formatCount, formatNumberOf } from "../../foundation/format.ts";
import type { AnswerProfile, Bin, Evaluation, Figure, SampleRow, ShownFile } from "../../foundation/types/index.ts";
import type { Charts } from "../charts.ts";
import { cutText, Html, html } from "../html.ts";
import { makeTable } from "./table.ts";

/** Letters of a cell or a prompt in a sample of rows. */
const cellLetters = 1500;
const promptLetters = 900;
/** Labels of an evaluation that are shown; `--json` has all. */
const shownLabels = 30;

/** A chart for each answer column. */
export function makeAnswers(answers: readonly AnswerProfile[], charts: Charts): Html | undefined {
  const shown = answers.filter(({ count }) => count > 0);
  if (shown.length === 0) return undefined;
  return html`<h2>Answers</h2><div class="charts">${shown.map((profile) => html`<div class="chart"><h3>${profile.name}</h3><p class="soft">${describe(profile)}</p>${draw(profile, charts)}</div>`)}</div>`;
}

function describe(profile: AnswerProfile): string {
  const { count, emptyCount } = profile;
  const empty = emptyCount === 0 ? "" : `; ${formatCount(emptyCount)} empty`;
  const number = (value: number): string => String(Number(value.toPrecision(4)));
  switch (profile.kind) {
    case "labels": {
      const rest = profile.distinctCount - profile.labels.length;
      const more = rest <= 0 ? "" : `; ${formatNumberOf(rest, "other")} with ${formatCount(profile.otherCount)}`;
      return `${formatNumberOf(count, "value")}, ${formatCount(profile.distinctCount)} different${more}${empty}`;
    }
    case "numbers":
      return `${number(profile.min)} to ${number(profile.max)}, median ${number(profile.median)}, mean ${number(profile.mean)}${empty}`;
    case "texts":
      return `${formatNumberOf(count, "text")}, median ${formatNumberOf(Math.round(profile.medianLength), "letter")}${empty}`;
    case "lists":
      return `${formatNumberOf(count, "list")}, median ${formatNumberOf(Math.round(profile.medianLength), "member")}${empty}`;
    case "vectors":
      return `${formatNumberOf(count, "vector")} of ${formatNumberOf(profile.dimensions, "number")}${empty}`;
  }
}

function draw(profile: AnswerProfile, charts: Charts): Html | undefined {
  switch (profile.kind) {
    case "labels":
      return new Html(charts.bars(profile.labels, profile.count));
    case "numbers":
      return drawBins(profile.bins, profile.name, charts);
    case "texts": {
      const words =
        profile.words.length === 0
          ? undefined
          : html`<p class="soft">Frequent words, and the texts that have them</p>${new Html(charts.bars(profile.words, profile.count))}`;
      return html`${drawBins(profile.lengths, "letters", charts)}${words}`;
    }
    case "lists":
      return drawBins(profile.lengths, "members", charts);
    case "vectors":
      return undefined;
  }
}

/** One value throughout is no picture; a few whole numbers are bars with a name each. */
function drawBins(bins: readonly Bin[], unit: string, charts: Charts): Html | undefined {
  if (bins.length < 2) return undefined;
  if (bins.length > 10 || bins.some(({ from, to }) => to - from !== 1)) return new Html(charts.histogram(bins, unit));
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return new Html(
    charts.bars(
      bins.map(({ from, count }) => ({ text: `${from} ${unit}`, count })),
      total,
    ),
  );
}

/** Some rows with what was asked and what came back. */
export function makeSamples(samples: readonly SampleRow[]): Html | undefined {
  if (samples.length === 0) return undefined;
  const pair = (name: string, text: string, kind: string): Html =>
    html`<dt>${name}</dt><dd class="${kind}" dir="auto">${cutText(text, cellLetters)}</dd>`;
  return html`<h2>Some rows</h2>${samples.map(
    ({
      row,
      outcome,
      prompt,
      cells,
      answer,
      error,
      files = [],
    }) => html`<article class="row"><header class="${outcome}"><i></i><b>Row ${formatCount(row)}</b><span class="soft">${outcome}</span></header>
<dl>${prompt === undefined ? cells.map(([name, text]) => pair(name, text, "")) : pair("prompt", cutText(prompt, promptLetters), "")}${files.map(showFile)}
${answer.map(([name, text]) => pair(name, text, "answer"))}
${error === undefined ? undefined : pair("why", error, "")}</dl></article>`,
  )}`;
}

const showFile = ({ label, dataUri }: ShownFile): Html =>
  dataUri === undefined
    ? html`<dt>file</dt><dd>${label}</dd>`
    : html`<dt>picture</dt><dd><img src="${dataUri}" alt="${label}" title="${label}"></dd>`;

/** How good the answers are, where they were compared with gold. */
export function makeEvaluation(evaluation: Evaluation | undefined, charts: Charts): Html | undefined {
  if (evaluation === undefined) return undefined;
  const { answer, gold, rows, unanswered, withoutGold, match, perClass, confusions, against } = evaluation;
  const named: (readonly [string, Figure])[] = [
    ["accuracy", evaluation.accuracy],
    ["Cohen’s kappa", evaluation.kappa],
    ["macro F1", evaluation.macroF1],
    ["weighted F1", evaluation.weightedF1],
  ];
  const known = named.filter(([, { value }]) => value !== null).map(([name, figure]) => ({ name, figure }));
  const labels = Object.entries(perClass).sort(([, one], [, other]) => other.support - one.support);
  const ratio = (figure: Figure): string => (figure.value === null ? "" : figure.value.toFixed(3));
  const range = ({ low, high }: Figure): string =>
    low === null || high === null ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return html`<h2>Compared with ${gold}</h2>
<p>${answer}: ${formatNumberOf(rows, "row")} with gold (${match}); ${formatCount(unanswered)} without an answer count as wrong, ${formatCount(withoutGold)} without gold are left out. Lines are 95 % intervals.</p>
<div class="chart">${new Html(charts.intervals(known))}</div>
${
  against === undefined
    ? undefined
    : html`<p>Run <code>${against.runId}</code> on the same rows has an accuracy of ${ratio(against.accuracy)} (${range(against.accuracy)}): a difference of ${ratio(against.difference.accuracy)} (${range(against.difference.accuracy)}), McNemar’s p = ${against.mcnemarP.toPrecision(2)}.</p>`
}
${
  labels.length === 0
    ? undefined
    : makeTable(
        [["Label"], ["Rows", true], ["Precision", true], ["Recall", true], ["F1", true], ["F1 interval", true]],
        labels
          .slice(0, shownLabels)
          .map(([label, { precision, recall, f1, support }]) => [
            label,
            formatCount(support),
            ratio(precision),
            ratio(recall),
            ratio(f1),
            range(f1),
          ]),
      )
}
${labels.length > shownLabels ? html`<p class="soft">and ${formatNumberOf(labels.length - shownLabels, "more label", "more labels")}: halfprice eval --json has all</p>` : undefined}
${
  confusions.length === 0
    ? undefined
    : html`<h3>Most frequent mistakes</h3>${makeTable(
        [["Gold"], ["Answered"], ["Rows", true]],
        confusions.map((each) => [each.gold, each.answer ?? "(no answer)", formatCount(each.rows)]),
      )}`
}`;
}
