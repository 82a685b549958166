import { formatCount, formatNumberOf, sayShare } from "../../foundation/format.ts";
import type { AnswerProfile, Bin, SampleRow, TableProfile } from "../../foundation/types/index.ts";
import type { Terminal } from "../terminal.ts";
import { colors } from "./colors.ts";
import { padText, shortenText, textWidth } from "./layout.ts";

/** Labels of a column that are shown. */
const shownLabels = 6;
/** Columns that are shown; the report has all. */
const shownColumns = 8;
const shownRows = 3;

/** What the answers are like, and a few rows: a look at a run when it ends. */
export function printAnswers(terminal: Terminal, { answers, samples }: TableProfile): void {
  const counted = answers.filter(({ kind, count }) => count > 0 && (kind === "labels" || kind === "numbers"));
  for (const profile of counted.slice(0, shownColumns))
    for (const line of drawProfile(profile, terminal.columns)) terminal.print(line);
  if (counted.length > shownColumns)
    terminal.print(
      colors.dim(`and ${formatNumberOf(counted.length - shownColumns, "more column", "more columns")} in the report`),
    );
  const shown = [...samples]
    .sort((one, other) => Number(other.outcome === "answered") - Number(one.outcome === "answered"))
    .slice(0, shownRows);
  for (const row of shown) for (const line of drawRow(row, terminal.columns)) terminal.print(line);
  if (counted.length + shown.length > 0) terminal.print();
}

/** A column's values with small bars: a line for each label, one for numbers. */
export function drawProfile(profile: AnswerProfile, columns: number): string[] {
  const most = Math.min(columns, 100);
  if (profile.kind === "numbers") {
    const { min, max, median, mean, bins } = profile;
    const number = (value: number): string => String(Number(value.toPrecision(4)));
    return [
      `${colors.bold(profile.name)}  ${drawBins(bins)}  ${colors.dim(`${number(min)} to ${number(max)}, median ${number(median)}, mean ${number(mean)}`)}`,
    ];
  }
  if (profile.kind !== "labels") return [];
  const { labels, count, distinctCount } = profile;
  const shown = labels.slice(0, shownLabels);
  const counts = shown.map((label) => formatCount(label.count));
  const shares = shown.map((label) => sayShare(label.count, count));
  const wide = (texts: readonly string[]): number => Math.max(...texts.map(textWidth));
  const room = most - wide(counts) - wide(shares) - 8;
  const width = Math.min(wide(shown.map(({ text }) => text)), Math.max(12, room - 8), 48);
  const barWidth = Math.max(4, Math.min(24, room - width));
  const largest = Math.max(1, ...shown.map((label) => label.count));
  const lines = shown.map(({ text, count: own }, index) => {
    const bar = "█".repeat(Math.max(1, Math.round((own / largest) * barWidth)));
    const label = padText(shortenText(text.replace(/\s+/g, " "), width), width);
    return `  ${label}  ${padText(counts[index] ?? "", wide(counts), "right")}  ${colors.cyan(padText(bar, barWidth))}  ${padText(shares[index] ?? "", wide(shares), "right")}`;
  });
  const rest = distinctCount - shown.length;
  const left = count - shown.reduce((sum, each) => sum + each.count, 0);
  const more = rest > 0 ? [colors.dim(`  ${formatNumberOf(rest, "other")}: ${formatCount(left)}`)] : [];
  return [colors.bold(profile.name), ...lines, ...more];
}

/** A histogram in one line. */
function drawBins(bins: readonly Bin[]): string {
  const steps = "▁▂▃▄▅▆▇█";
  const largest = Math.max(1, ...bins.map(({ count }) => count));
  return bins
    .map(({ count }) => (count === 0 ? " " : (steps[Math.ceil((count / largest) * steps.length) - 1] ?? "")))
    .join("");
}

function drawRow({ row, outcome, cells, answer, error }: SampleRow, columns: number): string[] {
  const head = padText(`row ${formatCount(row)}`, 9);
  const room = Math.max(20, Math.min(columns, 120) - textWidth(head) - 2);
  const say = ([name, text]: readonly [string, string]): string =>
    `${name}: ${shortenText(text.replace(/\s+/g, " ").trim(), 80)}`;
  // Nothing hangs between a separator and the mark that more follows.
  const fit = (text: string, width: number): string => shortenText(text, width).replace(/(?: ·)? …$/, " …");
  const given = fit(cells.slice(0, 3).map(say).join(" · "), room);
  const came =
    answer.length === 0 ? [outcome, ...(error === undefined ? [] : [error])].join(": ") : answer.map(say).join(" · ");
  return [`${colors.dim(head)}  ${colors.dim(given)}`, `${" ".repeat(textWidth(head))}  ${fit(came, room * 2)}`];
}
