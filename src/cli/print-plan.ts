import { priceTokens } from "../foundation/money.ts";
import type { Estimate, MediaSummary, Plan } from "../foundation/types/index.ts";
import { formatBytes, formatCount, formatNumberOf, formatTokens, formatUsd } from "../report/format.ts";
import type { PlannedRun } from "../run/plan/plan-run.ts";
import { colors } from "./display/colors.ts";

const range = (estimate: Estimate, format: (value: number) => string): string =>
  `${format(estimate.expected)}  (${format(estimate.low)} to ${format(estimate.high)})`;

function describeMedia({ imageCount, documentCount, pageCount, fileCount, sizeBytes }: MediaSummary): string {
  const pages = pageCount === 0 ? "" : ` (${formatNumberOf(pageCount, "page")})`;
  const parts = [
    ...(imageCount === 0 ? [] : [formatNumberOf(imageCount, "image")]),
    ...(documentCount === 0 ? [] : [`${formatNumberOf(documentCount, "document")}${pages}`]),
  ];
  return `${parts.join(", ")}; ${formatNumberOf(fileCount, "different file")}, ${formatBytes(sizeBytes)}, checked`;
}

/** The plan as text. What it says is what `run` does. */
export function formatPlan(plan: Plan, table: string, maxTokens: number, caps: PlannedRun["caps"] = []): string[] {
  const { model, limits, shards } = plan;
  const lines: string[] = [];
  const add = (label: string, text: string): void => {
    lines.push(`${colors.dim(label.padEnd(11))}${text}`);
  };
  const { answersPerRow = 1 } = plan;
  const times = answersPerRow === 1 ? "" : `, ${answersPerRow} answers of each`;
  add("Table", `${table}, ${formatNumberOf(plan.rowCount / answersPerRow, "row")}${times}`);
  const apart = [
    plan.duplicateCount > 0
      ? `${formatNumberOf(plan.duplicateCount, "row")} ${plan.duplicateCount === 1 ? "shares" : "share"} the request of another`
      : "",
    plan.skippedCount > 0 ? `${formatCount(plan.skippedCount)} skipped: no text in the prompt` : "",
  ].filter((part) => part !== "");
  const { earlier } = plan;
  const has = (earlier?.requestCount ?? 0) + (earlier?.awaited ?? []).reduce((sum, each) => sum + each.requestCount, 0);
  add("Records", [formatNumberOf(plan.recordCount + has, "distinct request"), ...apart].join("; "));
  if (earlier !== undefined && has > 0) {
    add("", `${formatCount(plan.recordCount)} to send`);
    if (earlier.requestCount > 0) {
      const price = plan.model.prices?.batch ?? plan.model.prices?.onDemand;
      const worth = price === undefined ? "" : `, which saves ${formatUsd(priceTokens(price, earlier.usage))}`;
      add(
        "",
        `${formatCount(earlier.requestCount)} answered in earlier runs${worth} ${colors.dim("(--full-refresh sends them too)")}`,
      );
    }
    for (const { runId, requestCount } of earlier.awaited)
      add("", `${formatCount(requestCount)} in flight in run ${runId}: awaited, not sent again`);
  }
  if (plan.media !== undefined) add("Files", describeMedia(plan.media));
  const empty = Object.entries(plan.emptyCells).filter(([, count]) => count > 0);
  if (empty.length > 0) {
    add("Empty", empty.map(([name, count]) => `${name}: ${formatNumberOf(count, "empty cell")}`).join(", "));
  }
  const shownTexts = previewTexts(plan.samples.map(({ text }) => text));
  for (const [index, { row }] of plan.samples.entries()) {
    const shown = shownTexts[index] ?? "";
    add(index === 0 ? "Prompts" : "", `${colors.dim(`row ${formatCount(row + 1)}`)}  ${shown}`);
  }
  add("Model", `${model.label}, as ${model.invokeId}`);
  add("", colors.dim(model.reason));
  for (const warning of model.warnings ?? []) add("", colors.yellow(warning));
  if (plan.offline !== undefined) {
    add(
      "Offline",
      colors.yellow("the account was not asked: prices are the catalogue's, limits those that AWS documents"),
    );
    add("", colors.dim(`${plan.offline.message} To ask it: ${plan.offline.fix}`));
  }
  const jobs = shards.filter(({ lane }) => lane === "batch");
  const onDemand = plan.lanes.find(({ lane }) => lane === "on_demand");
  const sizes =
    jobs.length < 2
      ? ""
      : `, ${formatCount(Math.min(...jobs.map((shard) => shard.recordCount)))} to ${formatCount(Math.max(...jobs.map((shard) => shard.recordCount)))} records each`;
  if (jobs.length > 0) {
    const sizeBytes = jobs.reduce((sum, shard) => sum + shard.sizeBytes, 0);
    add("Jobs", `${formatNumberOf(jobs.length, "job")}${sizes}, ${formatBytes(sizeBytes)}`);
  }
  if (onDemand !== undefined) {
    const why =
      model.isOnDemandAsked === true
        ? "asked for with --route on-demand"
        : model.noBatch === undefined
          ? "too few for a job"
          : `${model.label} has no batch inference`;
    const price = onDemand.usd === undefined ? "price not known" : range(onDemand.usd, formatUsd);
    const refused = plan.belowMinimum === "fail" ? "; not allowed without --below-minimum on-demand" : "";
    add(
      jobs.length > 0 ? "" : "Jobs",
      `${formatNumberOf(onDemand.recordCount, "record")} on demand, one by one: ${why}, ${price}${colors.yellow(refused)}`,
    );
  }
  if (jobs.length > 0 || model.noBatch === undefined) {
    const most = Math.min(limits.maxRecordsPerJob, limits.maxRecordsPerFile);
    const bounds = `a job takes ${formatCount(limits.minRecordsPerJob)} to ${formatCount(most)} records (${limits.source})`;
    add("", colors.dim(`${bounds}; ${saySlots(plan, jobs.length)}`));
  }
  if (plan.pack !== undefined) {
    const { rowsPerRequest, requestCount, notes } = plan.pack;
    const auto = plan.pack.asked === "auto" ? ", as many as the canary shows to be no worse" : "";
    add(
      "Packed",
      `${formatNumberOf(requestCount, "request")} of up to ${formatNumberOf(rowsPerRequest, "row")}${auto}`,
    );
    for (const note of notes) add("", colors.dim(note));
  }
  if (plan.canary !== undefined) {
    const { recordCount, usd } = plan.canary;
    const price = usd === undefined ? "" : `, ${range(usd, formatUsd)}`;
    const packed = plan.pack?.canary;
    add(
      "Canary",
      packed === undefined
        ? `${formatNumberOf(recordCount, "record")} at random on demand before the rest${price}`
        : `${formatNumberOf(packed.rowCount, "row")} at random on demand before the rest: twice alone, and packed by ${packed.sizes.join(", ")}${price}`,
    );
  }
  if (plan.recordCount === 0 && plan.canary === undefined) {
    add("Price", `${formatUsd(0)}: nothing is sent, every request has its answer or is awaited`);
    return lines;
  }
  add("Tokens in", range(plan.inputTokens, formatTokens));
  const isVector = plan.outputTokens.high === 0;
  add(
    "Tokens out",
    isVector
      ? "none: an answer is a vector"
      : `${range(plan.outputTokens, formatTokens)}; an answer has at most ${formatCount(maxTokens)}`,
  );
  if (plan.costUsd === undefined) {
    add("Price", `not known for ${model.label}; give it with --price in/out`);
    return lines;
  }
  add("Price", colors.bold(range(plan.costUsd, formatUsd)));
  if (model.prices?.isBatchAtMost === true && jobs.length > 0)
    add("", `at most: no price in batch of ${model.label} is known, so the on-demand price stands for it`);
  for (const [index, line] of formatWays(plan).entries()) add(index === 0 ? "Ways" : "", line);
  for (const cap of caps) add("Limit", sayCap(cap, plan.costUsd.high));
  add(
    "",
    colors.dim(
      `prices ${model.prices?.asOf === "given" ? "as given" : `of ${model.prices?.asOf}`}; tokens are estimated from lengths${plan.isUnmeasured === true ? " (unverified for this model)" : ""}, halfprice try measures a few`,
    ),
  );
  return lines;
}

/** The ways to have these answers, the cheapest first: each with its price, and how to take it. */
function formatWays({ ways = [], costUsd }: Plan): string[] {
  const own = costUsd?.expected ?? 0;
  return ways.flatMap(({ way, usd, isPlan, isEstimate, command, doubt, kind }) => {
    const price = `${isEstimate === true ? "about " : ""}${formatUsd(usd)}`.padStart(waysWidth);
    const saves =
      kind === "on-demand" && usd > own ? `; this plan saves ${Math.round((1 - own / usd) * 100)} % of it` : "";
    const text = `${price}  ${way}${saves}${isPlan === true ? ": this plan" : command === undefined ? "" : `: ${command}`}`;
    return [
      isPlan === true ? colors.bold(text) : text,
      ...(doubt === undefined ? [] : [colors.dim(`${" ".repeat(waysWidth)}  ${doubt}`)]),
    ];
  });
}

/** Letters of a price, with the word that marks an estimate. */
const waysWidth = 14;

/** What counts against a limit, and what is left of it. */
function sayCap({ option, maxUsd, spending }: PlannedRun["caps"][number], upperUsd: number): string {
  const { spentUsd, reservedUsd = 0, unpricedCount } = spending;
  const unpriced =
    unpricedCount === 0 ? "" : `; ${formatNumberOf(unpricedCount, "run")} at a price not known not counted`;
  const sum = spentUsd + reservedUsd + upperUsd;
  const text = `${formatUsd(spentUsd)} spent, ${formatUsd(reservedUsd)} reserved, at most ${formatUsd(upperUsd)} to come: ${formatUsd(sum)} of ${formatUsd(maxUsd)} (${option})${unpriced}`;
  return sum > maxUsd ? colors.yellow(text) : text;
}

/** How many jobs of the model the account has under way, and whether the plan's all find a slot at once. */
function saySlots({ slots, limits }: Plan, jobCount: number): string {
  if (slots === undefined)
    return `at most ${formatNumberOf(limits.maxJobsInFlight, "job")} at a time; those in flight may not be listed`;
  const free = Math.max(0, slots.limit - slots.inFlight);
  const queued = jobCount > free ? `, so ${formatNumberOf(jobCount - free, "job")} will wait for a slot` : "";
  return `${formatCount(slots.inFlight)} of ${formatNumberOf(slots.limit, "job")} in flight${queued}`;
}

/** Letters of a preview. */
const shownLetters = 160;
/** Letters that are shown before the place at which texts begin to differ. */
const ledLetters = 40;

/** Texts on a line each, cut to fit: where they begin alike for longer than a line, from a little before they differ. */
export function previewTexts(texts: readonly string[]): string[] {
  const flat = texts.map((text) => [...text.replace(/\s+/g, " ").trim()]);
  const [first = []] = flat;
  let alike = 0;
  while (alike < first.length && flat.every((letters) => letters[alike] === first[alike])) alike += 1;
  const isSame = flat.every((letters) => letters.length === alike);
  const from = flat.length < 2 || isSame || alike < shownLetters - ledLetters ? 0 : alike - ledLetters;
  return flat.map((letters) => {
    const shown = letters.slice(from, from + shownLetters);
    const isCut = from + shownLetters < letters.length;
    return `${from > 0 ? "…" : ""}${(isCut ? shown.slice(0, -1) : shown).join("")}${isCut ? "…" : ""}`;
  });
}
