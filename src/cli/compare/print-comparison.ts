import { formatCount, formatNumberOf, formatTokens, formatUsd } from "../../foundation/format.ts";
import type { Estimate, Figure } from "../../foundation/types/index.ts";
import type { ComparedCandidate, ComparisonPlan, ModelComparison, RouteName } from "../../index.ts";
import { colors } from "../display/colors.ts";
import { formatTable } from "../print-table.ts";

const range = ({ low, expected, high }: Estimate): string =>
  `${formatUsd(expected)}  (${formatUsd(low)} to ${formatUsd(high)})`;

/** What a comparison would do and cost. */
export function formatComparisonPlan({ rowCount, candidates, judgeUsd, costUsd }: ComparisonPlan): string[] {
  const rows = candidates.map(({ model, prompt, recordCount, earlierCount, isBatch, costUsd: own }) => [
    model,
    prompt,
    recordCount === 0 ? "nothing to send" : `${formatCount(recordCount)} ${isBatch ? "in batch" : "on demand"}`,
    earlierCount === 0 ? "" : formatCount(earlierCount),
    own === undefined ? "not known" : range(own),
  ]);
  const warnings = [...new Set(candidates.flatMap((each) => each.warnings))];
  return [
    `${formatNumberOf(rowCount, "row")} at random, the same for each of ${formatNumberOf(candidates.length, "candidate")}`,
    "",
    ...formatTable(
      [
        { head: "model" },
        { head: "prompt" },
        { head: "requests", align: "right" },
        { head: "answered before", align: "right", isOptional: true },
        { head: "price" },
      ],
      rows,
    ),
    ...(judgeUsd === undefined ? [] : [`The judge costs at most ${formatUsd(judgeUsd)} for all of them.`]),
    ...warnings.map((each) => colors.yellow(each)),
    "",
    `Price  ${costUsd === undefined ? "not known" : colors.bold(range(costUsd))}`,
  ];
}

const formatFigure = ({ value, low, high }: Figure): string => {
  const share = (each: number | null): string => ((each ?? 0) * 100).toFixed(1);
  return value === null ? "–" : `${share(value)} % (${share(low)} to ${share(high)})`;
};

/** The routes, as people call them. */
const routeNames: Readonly<Record<RouteName, string>> = {
  batch: "batch",
  onDemand: "on demand",
  globalBatch: "batch, global",
  globalOnDemand: "on demand, global",
  packedBatch: "batch, packed",
  packedOnDemand: "on demand, packed",
};

/** What a comparison came to. */
export function formatComparison(found: ModelComparison): string[] {
  const { sample, leftOut, candidates, recommended, reason, origin, costUsd } = found;
  const isReference = candidates.some((each) => each.isReference === true);
  const rows = [...candidates]
    .sort((one, other) => cheapestOf(one) - cheapestOf(other))
    .map((each) => [
      each.model,
      each.prompt,
      `${formatFigure(each.accuracy)}${each.isReference === true ? " (the reference)" : ""}`,
      ...(["batch", "onDemand"] as const).map((route) => price(each, route)),
      `${formatTokens(each.inputTokens)} / ${formatTokens(each.outputTokens)}`,
      formatFaults(each),
    ]);
  return [
    `${formatNumberOf(sample, "row")} at random${leftOut === 0 ? "" : `; ${formatNumberOf(leftOut, "further row")} left out, of which nobody says what is right`}`,
    "",
    ...formatTable(
      [
        { head: "model" },
        { head: "prompt", isOptional: true },
        { head: isReference ? "agrees (95 %)" : "right (95 %)" },
        { head: "$ a million, batch", align: "right" },
        { head: "on demand", align: "right" },
        { head: "tokens in / out", align: "right", isOptional: true },
        { head: "no answer", isOptional: true },
      ],
      rows,
      110,
    ),
    ...formatOtherRoutes(candidates),
    "",
    recommended === null
      ? colors.yellow(reason ?? "Nothing is recommended.")
      : colors.bold(`${recommended.model}, ${routeNames[recommended.route]}, ${recommended.prompt}`),
    ...(recommended === null ? [] : [recommended.reason]),
    ...(costUsd === undefined
      ? []
      : [
          colors.dim(
            `${formatUsd(costUsd)} ${origin.kind === "local" ? "would be what this costs on AWS" : "paid for the sample"}; a run over the table takes its answers`,
          ),
        ]),
    ...(origin.kind === "local" ? [colors.dim("The answers are simulated, not a model's.")] : []),
  ];
}

const cheapestOf = ({ costPerMillionRowsUsd: { batch, onDemand } }: ComparedCandidate): number =>
  Math.min(batch ?? Infinity, onDemand ?? Infinity);

function price({ costPerMillionRowsUsd }: ComparedCandidate, route: RouteName): string {
  const usd = costPerMillionRowsUsd[route];
  return usd === undefined ? "–" : formatUsd(usd);
}

function formatFaults({ invalid, truncated, unanswered }: ComparedCandidate): string {
  const parts = [
    invalid > 0 ? `${formatCount(invalid)} invalid` : "",
    truncated > 0 ? `${formatCount(truncated)} cut off` : "",
    unanswered > 0 ? `${formatCount(unanswered)} other` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** The ways besides batch and on demand; what is estimated is marked. */
function formatOtherRoutes(candidates: readonly ComparedCandidate[]): string[] {
  const lines = candidates.flatMap((each) => {
    const others = (Object.keys(routeNames) as RouteName[]).filter(
      (route) => route !== "batch" && route !== "onDemand" && each.costPerMillionRowsUsd[route] !== undefined,
    );
    const shown = others.map(
      (route) => `${each.estimatedRoutes.includes(route) ? "about " : ""}${price(each, route)} ${routeNames[route]}`,
    );
    return shown.length === 0 ? [] : [`${each.model}, ${each.prompt}: ${shown.join("; ")}`];
  });
  return lines.length === 0 ? [] : ["", "A million rows by other ways:", ...lines.map((line) => `  ${line}`)];
}
