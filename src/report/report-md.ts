import { formatCount, formatDuration, formatNumberOf, formatTokens, sayShare } from "../foundation/format.ts";
import { makeMoneyLines } from "../foundation/money-line.ts";
import { makeMoneyTable } from "../foundation/money-table.ts";
import { moneyOf } from "../foundation/sum-money.ts";
import { type AnswerProfile, type Figure, outcomes } from "../foundation/types/index.ts";
import { cutText } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** What Markdown would take for its own; line breaks stay out of tables. */
const escapeMd = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~&!]/g, (letter) =>
      letter === "&" ? "&amp;" : letter === "<" ? "&lt;" : letter === ">" ? "&gt;" : `\\${letter}`,
    );

/** A block of code that no text inside can end. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}\n${text}\n${ticks}`;
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows.map((row) => row.map(escapeMd))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

const bar = (ratio: number): string => "█".repeat(Math.max(ratio > 0 ? 1 : 0, Math.round(ratio * 20)));

/** The report of a run as Markdown: for a pull request or a wiki. */
export function makeMarkdownReport(report: ReportInput): string {
  const { plan, summary, origin, request, evaluation, table: profile } = report;
  const sections = [
    ...describeRun(report),
    makeMoneyLines({ summary, model: plan.model, origin }).map(escapeMd).join("  \n"),
    ...describeOutcomes(summary),
    ...(profile.answers.length === 0 ? [] : ["## Answers", ...profile.answers.flatMap(describe)]),
    ...(evaluation === undefined
      ? []
      : [`## Compared with ${escapeMd(evaluation.gold)}`, ...describeEvaluation(evaluation)]),
    ...(profile.samples.length === 0 ? [] : ["## Some rows", ...profile.samples.flatMap(describeRow)]),
    "## Money",
    table(
      ["", "", ""],
      makeMoneyTable(moneyOf(summary), origin).map(({ label, figure, note }) => [label.trim(), figure, note]),
    ),
    "## What was asked",
    table(
      ["", ""],
      [["model", `${plan.model.label}, as ${plan.model.invokeId}`], ["prompt", request.source], ...request.settings],
    ),
    fence(cutText(request.prompt, 6000)),
    ...describeJobs(report.jobs),
    "## How to reproduce",
    fence(request.command),
    `${formatDuration(summary.durationMs)} from the first job to the table; ${formatTokens(summary.usage.inputTokens)} input and ${formatTokens(summary.usage.outputTokens)} output tokens.`,
    table(["", ""], request.versions),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Which run it was, and whether rows are left without an answer. */
function describeRun({ runId, name, createdAt, origin, plan, summary }: ReportInput): string[] {
  const { rowCount, outcomeCounts } = summary;
  const where = origin.kind === "local" ? "local service" : `account ${origin.accountId}`;
  const at = `${new Date(createdAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const lacking = rowCount - outcomeCounts.answered - outcomeCounts.skipped;
  return [
    `# ${escapeMd(name)}`,
    `${[at, plan.model.label, where, origin.region].map(escapeMd).join(" · ")} · run \`${runId}\``,
    ...(lacking === 0 ? [] : [`**${formatCount(lacking)} of ${formatCount(rowCount)} rows have no answer**`]),
  ];
}

function describeOutcomes({ rowCount, outcomeCounts, causes }: ReportInput["summary"]): string[] {
  const counted = outcomes.filter((outcome) => outcomeCounts[outcome] > 0);
  const shares = table(
    ["Outcome", "Rows", "Share", ""],
    counted.map((outcome) => [
      outcome,
      formatCount(outcomeCounts[outcome]),
      sayShare(outcomeCounts[outcome], rowCount),
      bar(outcomeCounts[outcome] / Math.max(1, rowCount)),
    ]),
  );
  if (causes.length === 0) return [shares];
  return [
    shares,
    "## Without an answer, by cause",
    table(
      ["Rows", "Outcome", "Cause", "Fix", "Example"],
      causes.map(({ count, outcome, message, explanation }) => [
        formatCount(count),
        outcome,
        explanation?.cause ?? message,
        explanation?.fix ?? "",
        explanation === undefined ? "" : message,
      ]),
    ),
  ];
}

function describeJobs(jobs: ReportInput["jobs"]): string[] {
  if (jobs.length === 0) return [];
  return [
    "## Jobs",
    table(
      ["Job", "State", "Records"],
      jobs.map((job) => [
        job.name,
        job.message === undefined ? job.status : `${job.status}: ${job.message}`,
        formatCount(job.recordCount),
      ]),
    ),
  ];
}

function describe(profile: AnswerProfile): string[] {
  const title = `### ${escapeMd(profile.name)}`;
  if (profile.kind === "vectors")
    return [title, `${formatNumberOf(profile.count, "vector")} of ${formatNumberOf(profile.dimensions, "number")}`];
  if (profile.kind === "labels")
    return [
      title,
      table(
        ["Value", "Rows", "Share", ""],
        profile.labels.map(({ text, count }) => [
          text,
          formatCount(count),
          sayShare(count, profile.count),
          bar(count / Math.max(1, profile.count)),
        ]),
      ),
    ];
  const bins = profile.kind === "numbers" ? profile.bins : profile.lengths;
  const unit = { numbers: "", texts: " letters", lists: " members" }[profile.kind];
  const most = Math.max(1, ...bins.map(({ count }) => count));
  return [
    title,
    table(
      [`From${unit}`, "To", "Rows", ""],
      bins.map(({ from, to, count }) => [String(from), String(to), formatCount(count), bar(count / most)]),
    ),
  ];
}

function describeEvaluation({
  rows,
  unanswered,
  withoutGold,
  accuracy,
  kappa,
  macroF1,
  weightedF1,
}: NonNullable<ReportInput["evaluation"]>): string[] {
  const named: (readonly [string, Figure])[] = [
    ["accuracy", accuracy],
    ["Cohen's kappa", kappa],
    ["macro F1", macroF1],
    ["weighted F1", weightedF1],
  ];
  const known = named.filter(([, { value }]) => value !== null);
  return [
    `${formatNumberOf(rows, "row")} with gold; ${formatCount(unanswered)} without an answer count as wrong, ${formatCount(withoutGold)} without gold are left out.`,
    table(
      ["Figure", "Value", "95 % interval"],
      known.map(([name, { value, low, high }]) => [
        name,
        (value ?? 0).toFixed(3),
        `${(low ?? 0).toFixed(3)} to ${(high ?? 0).toFixed(3)}`,
      ]),
    ),
  ];
}

function describeRow({
  row,
  outcome,
  prompt,
  cells,
  answer,
  error,
}: ReportInput["table"]["samples"][number]): string[] {
  const pairs = [
    ...(prompt === undefined ? cells : []),
    ...answer,
    ...(error === undefined ? [] : [["why", error] as const]),
  ];
  return [
    `### Row ${formatCount(row)}: ${outcome}`,
    ...(prompt === undefined ? [] : [fence(cutText(prompt, 1500))]),
    ...(pairs.length === 0
      ? []
      : [
          table(
            ["", ""],
            pairs.map(([name, text]) => [name, cutText(text, 1500)]),
          ),
        ]),
  ];
}
