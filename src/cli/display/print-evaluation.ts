import { formatCount, formatNumberOf } from "../../foundation/format.ts";
import type { Evaluation, Figure } from "../../foundation/types/index.ts";
import type { Verdicts } from "../../index.ts";
import { formatTable } from "../print-table.ts";
import type { Terminal } from "../terminal.ts";
import { colors } from "./colors.ts";

/** Labels that the terminal shows; the report and `--json` have all. */
const shownLabels = 20;

/** `0.913 (0.887 to 0.934)` */
export function formatShare({ value, low, high }: Figure): string {
  if (value === null) return "not defined";
  return low === null || high === null
    ? formatRatio(value)
    : `${formatRatio(value)} (${formatRatio(low)} to ${formatRatio(high)})`;
}

const formatRatio = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(3) : value.toPrecision(5));

/** How good the answers are: the figures with their intervals, the labels, what was mistaken for what. */
export function printEvaluation(terminal: Terminal, evaluation: Evaluation): void {
  const { runId, answer, gold, rows, unanswered, withoutGold, match, against } = evaluation;
  const width = terminal.columns;
  terminal.print(`${colors.bold(answer)} of run ${runId} compared with ${colors.bold(gold)} (${match})`);
  terminal.print(
    [
      `${formatNumberOf(rows, "row")} with gold`,
      unanswered === 0 ? "all answered" : `${formatCount(unanswered)} without an answer, which count as wrong`,
      ...(withoutGold === 0 ? [] : [`${formatCount(withoutGold)} without gold, which are left out`]),
    ].join("; "),
  );
  terminal.print();
  for (const line of formatTable(
    [{ head: "figure" }, { head: "value", align: "right" }, { head: "95 % interval" }],
    figureRows(evaluation),
    width,
  ))
    terminal.print(line);
  printLabels(terminal, evaluation);
  if (evaluation.confusions.length > 0) {
    terminal.print();
    const cells = evaluation.confusions.map((each) => [
      formatCount(each.rows),
      each.gold,
      each.answer ?? "(no answer)",
    ]);
    const columns = [{ head: "rows", align: "right" as const }, { head: "gold" }, { head: "answered" }];
    for (const line of formatTable(columns, cells, width)) terminal.print(line);
  }
  if (against !== undefined) printComparison(terminal, evaluation);
  if (evaluation.atLeast.length > 0) terminal.print();
  for (const { name, least, figure, isMet } of evaluation.atLeast)
    terminal.print(
      `${isMet ? colors.green("met   ") : colors.yellow("missed")}  ${name} at least ${least}: ${formatShare(figure)}`,
    );
}

const names: readonly (readonly [
  keyof Evaluation &
    (
      | "accuracy"
      | "kappa"
      | "macroF1"
      | "weightedF1"
      | "microPrecision"
      | "microRecall"
      | "microF1"
      | "meanAbsoluteError"
    ),
  string,
])[] = [
  ["accuracy", "accuracy"],
  ["kappa", "Cohen's kappa"],
  ["macroF1", "macro F1"],
  ["weightedF1", "weighted F1"],
  ["microPrecision", "micro precision"],
  ["microRecall", "micro recall"],
  ["microF1", "micro F1"],
  ["meanAbsoluteError", "mean absolute error"],
];

function figureRows(evaluation: Evaluation): string[][] {
  const isMulti = evaluation.match === "set" || evaluation.match === "spans";
  return names
    .filter(([name]) => evaluation[name].value !== null && (isMulti || !name.startsWith("micro")))
    .map(([name, label]) => cellsOf(label, evaluation[name]));
}

const cellsOf = (label: string, { value, low, high }: Figure): string[] => [
  label,
  value === null ? "not defined" : formatRatio(value),
  low === null || high === null ? "" : `${formatRatio(low)} to ${formatRatio(high)}`,
];

function printLabels(terminal: Terminal, { perClass }: Evaluation): void {
  const labels = Object.entries(perClass).sort(([, one], [, other]) => other.support - one.support);
  if (labels.length === 0) return;
  terminal.print();
  const right = { align: "right" as const };
  const columns = [
    { head: "label" },
    { head: "rows", ...right },
    { head: "precision", ...right },
    { head: "recall", ...right },
    { head: "F1", ...right },
    { head: "F1 interval" },
  ];
  const cells = labels
    .slice(0, shownLabels)
    .map(([label, { precision, recall, f1, support }]) => [
      label,
      formatCount(support),
      formatRatio(precision.value ?? 0),
      formatRatio(recall.value ?? 0),
      formatRatio(f1.value ?? 0),
      `${formatRatio(f1.low ?? 0)} to ${formatRatio(f1.high ?? 1)}`,
    ]);
  for (const line of formatTable(columns, cells, terminal.columns)) terminal.print(line);
  if (labels.length > shownLabels)
    terminal.print(
      colors.dim(
        `and ${formatNumberOf(labels.length - shownLabels, "more label", "more labels")}: --json and the report have all`,
      ),
    );
}

function printComparison(terminal: Terminal, { runId, against, differing }: Evaluation): void {
  if (against === undefined) return;
  const { onlyThis, onlyOther, bothRight, bothWrong, mcnemarP, difference } = against;
  terminal.print();
  terminal.print(`Compared with ${colors.bold(against.answer)} of run ${against.runId}, on the same rows:`);
  const rows = [
    cellsOf("accuracy of the other", against.accuracy),
    ...(["accuracy", "kappa", "macroF1", "weightedF1"] as const)
      .filter((name) => difference[name].value !== null)
      .map((name) =>
        cellsOf(
          `difference in ${name === "accuracy" ? "accuracy" : names.find(([each]) => each === name)?.[1]}`,
          difference[name],
        ),
      ),
  ];
  for (const line of formatTable(
    [{ head: "figure" }, { head: "value", align: "right" }, { head: "95 % interval" }],
    rows,
    terminal.columns,
  ))
    terminal.print(line);
  terminal.print(
    `${formatCount(bothRight)} right in both, ${formatCount(bothWrong)} in neither, ${formatCount(onlyThis)} only in ${runId}, ${formatCount(onlyOther)} only in ${against.runId}`,
  );
  const verdict =
    mcnemarP < 0.05
      ? "such a difference hardly comes about at random"
      : "such a difference may well come about at random";
  terminal.print(
    `McNemar's test: p = ${mcnemarP < 0.0001 ? mcnemarP.toExponential(1) : mcnemarP.toFixed(4)}; ${verdict}`,
  );
  if (differing.length === 0) return;
  terminal.print();
  const cells = differing.map((each) => [
    formatCount(each.row),
    each.gold,
    each.answer ?? "(no answer)",
    each.other ?? "(no answer)",
  ]);
  const columns = [
    { head: "row", align: "right" as const },
    { head: "gold" },
    { head: "this run" },
    { head: "the other" },
  ];
  for (const line of formatTable(columns, cells, terminal.columns)) terminal.print(line);
}

/** What a judge found. */
export function printVerdicts(
  terminal: Terminal,
  { runId, judgeRunId, answer, rows, unanswered, unjudged, accuracy, pairs }: Verdicts,
): void {
  const left = unjudged === 0 ? "" : `; ${formatCount(unjudged)} without a verdict, which are left out`;
  terminal.print(
    `${colors.bold(answer)} of run ${runId}: ${formatNumberOf(rows, "row")}, ${formatCount(unanswered)} without an answer, which count as wrong${left}`,
  );
  if (pairs === undefined) terminal.print(`meets the rubric: ${colors.bold(formatShare(accuracy))}`);
  else {
    terminal.print(
      `better than run ${pairs.runId} in ${formatCount(pairs.won)} rows, worse in ${formatCount(pairs.lost)}, as good in ${formatCount(pairs.same)}; in ${formatCount(pairs.undecided)} the verdict changed with the order`,
    );
    terminal.print(
      `share of those won or lost that it won: ${colors.bold(formatShare(accuracy))}; sign test: p = ${pairs.signTestP.toPrecision(2)}`,
    );
  }
  terminal.print(`The reasons: halfprice show ${judgeRunId} --query "SELECT * FROM results"`);
}
