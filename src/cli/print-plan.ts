import { formatBytes, formatCount, formatNumberOf, formatTokens, formatUsd } from "../foundation/format.ts";
import { priceTokens } from "../foundation/money.ts";
import type { Estimate, LanePlan, MediaSummary, PartsPlan, Plan } from "../foundation/types/index.ts";
import type { BatchPlan } from "../index.ts";
import { colors } from "./display/colors.ts";

const range = (estimate: Estimate, format: (value: number) => string): string =>
  `${format(estimate.expected)}  (${format(estimate.low)} to ${format(estimate.high)})`;

/** A line of the plan; without a label it goes on with what stands above. */
type Line = readonly [label: string, text: string];

/** The plan as text. What it says is what `run` does. */
export function formatPlan(
  { details: plan, table: ownTable, maxTokens, caps }: Pick<BatchPlan, "details" | "table" | "maxTokens" | "caps">,
  table: string = ownTable,
): string[] {
  const lines: readonly Line[] = [
    ...describeTable(plan, table),
    ...describeRecords(plan),
    ...describeFiles(plan),
    ...describePrompts(plan),
    ...describeModel(plan),
    ...describeJobs(plan),
    ...describePack(plan),
    ...describeCanary(plan),
    ...describeDeadline(plan),
    ...describePrice(plan, maxTokens, caps),
  ];
  return lines.map(([label, text]) => `${colors.dim(label.padEnd(11))}${text}`);
}

function describeTable({ rowCount, answersPerRow = 1, parts }: Plan, table: string): Line[] {
  if (parts !== undefined) return describeParts(parts, table);
  const times = answersPerRow === 1 ? "" : `, ${answersPerRow} answers of each`;
  return [["Table", `${table}, ${formatNumberOf(rowCount / answersPerRow, "row")}${times}`]];
}

/** The files of a run in parts, and what is known of their rows. */
function describeParts(
  { count, fileCount, sizeBytes, rowCount, sampledFileCount, sampledRowCount }: PartsPlan,
  table: string,
): Line[] {
  const isCounted = rowCount.low === rowCount.high;
  const rows = isCounted ? formatNumberOf(rowCount.expected, "row") : `about ${range(rowCount, formatCount)} rows`;
  const sampled = `${formatNumberOf(sampledRowCount, "row")} of ${formatNumberOf(sampledFileCount, "file")}`;
  return [
    ["Table", `${table}, ${rows}`],
    ["Parts", `${formatNumberOf(count, "part")} of ${formatNumberOf(fileCount, "file")}, ${formatBytes(sizeBytes)}`],
    ["", colors.dim(`rows are ${isCounted ? "counted" : "estimated from bytes"}; all else is what ${sampled} came to`)],
  ];
}

/** The requests of the table, and which of them are not sent. */
function describeRecords({ recordCount, duplicateCount, skippedCount, earlier, model, parts }: Plan): Line[] {
  if (parts !== undefined)
    return [["Records", `about ${range(parts.recordCount, formatCount)}, each sent once within a part`]];
  const apart = [
    duplicateCount > 0
      ? `${formatNumberOf(duplicateCount, "row")} ${duplicateCount === 1 ? "shares" : "share"} the request of another`
      : "",
    skippedCount > 0 ? `${formatCount(skippedCount)} skipped: no text in the prompt` : "",
  ].filter((part) => part !== "");
  const has = (earlier?.requestCount ?? 0) + (earlier?.awaited ?? []).reduce((sum, each) => sum + each.requestCount, 0);
  const lines: Line[] = [["Records", [formatNumberOf(recordCount + has, "distinct request"), ...apart].join("; ")]];
  if (earlier === undefined || has === 0) return lines;
  lines.push(["", `${formatCount(recordCount)} to send`]);
  if (earlier.requestCount > 0) {
    const price = model.prices?.batch ?? model.prices?.onDemand;
    const worth = price === undefined ? "" : `, which saves ${formatUsd(priceTokens(price, earlier.usage))}`;
    const otherwise = colors.dim("(--full-refresh sends them too)");
    lines.push(["", `${formatCount(earlier.requestCount)} answered in earlier runs${worth} ${otherwise}`]);
  }
  for (const { runId, requestCount } of earlier.awaited)
    lines.push(["", `${formatCount(requestCount)} in flight in run ${runId}: awaited, not sent again`]);
  return lines;
}

/** Pictures and documents. */
function describeFiles({ media }: Plan): Line[] {
  return media === undefined ? [] : [["Files", describeMedia(media)]];
}

function describeMedia({ imageCount, documentCount, pageCount, fileCount, sizeBytes }: MediaSummary): string {
  const pages = pageCount === 0 ? "" : ` (${formatNumberOf(pageCount, "page")})`;
  const parts = [
    ...(imageCount === 0 ? [] : [formatNumberOf(imageCount, "image")]),
    ...(documentCount === 0 ? [] : [`${formatNumberOf(documentCount, "document")}${pages}`]),
  ];
  return `${parts.join(", ")}; ${formatNumberOf(fileCount, "different file")}, ${formatBytes(sizeBytes)}, checked`;
}

/** Empty cells, and some prompts as they are sent. */
function describePrompts({ emptyCells, samples }: Plan): Line[] {
  const empty = Object.entries(emptyCells).filter(([, count]) => count > 0);
  const cells = empty.map(([name, count]) => `${name}: ${formatNumberOf(count, "empty cell")}`).join(", ");
  const shownTexts = previewTexts(samples.map(({ text }) => text));
  return [
    ...(empty.length === 0 ? [] : [["Empty", cells] as const]),
    ...samples.map(({ row }, index): Line => {
      const shown = shownTexts[index] ?? "";
      return [index === 0 ? "Prompts" : "", `${colors.dim(`row ${formatCount(row + 1)}`)}  ${shown}`];
    }),
  ];
}

function describeModel({ model, offline }: Plan): Line[] {
  const lines: Line[] = [
    ["Model", `${model.label}, as ${model.invokeId}`],
    ["", colors.dim(model.reason)],
    ...(model.warnings ?? []).map((warning): Line => ["", colors.yellow(warning)]),
  ];
  if (offline === undefined) return lines;
  const text = "the account was not asked: prices are the catalogue's, limits those that AWS documents";
  return [...lines, ["Offline", colors.yellow(text)], ["", colors.dim(`${offline.message} To ask it: ${offline.fix}`)]];
}

/** What goes as jobs, what on demand, and what the account allows of it. */
function describeJobs(plan: Plan): Line[] {
  const { model, limits } = plan;
  const jobs = findJobs(plan);
  const onDemand = plan.lanes.find(({ lane }) => lane === "on_demand");
  const lines: Line[] = [];
  if (plan.parts !== undefined && onDemand === undefined) {
    const { jobCount, waveCount } = plan.parts;
    const waves = `${formatNumberOf(waveCount, "wave")} of at most ${formatNumberOf(limits.maxJobsInFlight, "job")}`;
    return [["Jobs", `about ${formatNumberOf(jobCount, "job")}, in ${waves}; ${formatBytes(plan.sizeBytes)}`]];
  }
  if (jobs.length > 0) {
    const counts = jobs.map(({ recordCount }) => recordCount);
    const [least, most] = [formatCount(Math.min(...counts)), formatCount(Math.max(...counts))];
    const sizes = jobs.length < 2 ? "" : `, ${least} to ${most} records each`;
    const sizeBytes = jobs.reduce((sum, shard) => sum + shard.sizeBytes, 0);
    lines.push(["Jobs", `${formatNumberOf(jobs.length, "job")}${sizes}, ${formatBytes(sizeBytes)}`]);
  }
  if (onDemand !== undefined) lines.push([jobs.length > 0 ? "" : "Jobs", sayOnDemand(plan, onDemand)]);
  if (jobs.length > 0 || model.noBatch === undefined) {
    const most = Math.min(limits.maxRecordsPerJob, limits.maxRecordsPerFile);
    const bounds = `a job takes ${formatCount(limits.minRecordsPerJob)} to ${formatCount(most)} records (${limits.source})`;
    lines.push(["", colors.dim(`${bounds}; ${saySlots(plan, jobs.length)}`)]);
  }
  return lines;
}

const findJobs = ({ shards }: Plan): Plan["shards"] => shards.filter(({ lane }) => lane === "batch");

function sayOnDemand({ model, belowMinimum }: Plan, { usd, recordCount }: LanePlan): string {
  const why =
    model.isOnDemandAsked === true
      ? "asked for with --route on-demand"
      : model.noBatch === undefined
        ? "too few for a job"
        : `${model.label} has no batch inference`;
  const price = usd === undefined ? "price not known" : range(usd, formatUsd);
  const refused = belowMinimum === "fail" ? "; not allowed without --below-minimum on-demand" : "";
  return `${formatNumberOf(recordCount, "record")} on demand, one by one: ${why}, ${price}${colors.yellow(refused)}`;
}

function describePack({ pack }: Plan): Line[] {
  if (pack === undefined) return [];
  const { rowsPerRequest, requestCount, notes } = pack;
  const auto = pack.asked === "auto" ? ", as many as the canary shows to be no worse" : "";
  const text = `${formatNumberOf(requestCount, "request")} of up to ${formatNumberOf(rowsPerRequest, "row")}${auto}`;
  return [["Packed", text], ...notes.map((note): Line => ["", colors.dim(note)])];
}

function describeCanary({ canary, pack }: Plan): Line[] {
  if (canary === undefined) return [];
  const { recordCount, usd } = canary;
  const price = usd === undefined ? "" : `, ${range(usd, formatUsd)}`;
  const packed = pack?.canary;
  const text =
    packed === undefined
      ? `${formatNumberOf(recordCount, "record")} at random on demand before the rest${price}`
      : `${formatNumberOf(packed.rowCount, "row")} at random on demand before the rest: twice alone, and packed by ${packed.sizes.join(", ")}${price}`;
  return [["Canary", text]];
}

/** When answers are wanted, and what it may cost where no job begins before. */
function describeDeadline({ deadline }: Plan): Line[] {
  if (deadline === undefined) return [];
  const { atMs, lastMomentMs, recordCount, mostUsd } = deadline;
  const price = mostUsd === undefined ? "at a price that is not known" : `for at most ${formatUsd(mostUsd)} in all`;
  const text = `${formatTime(atMs)}: what no job has begun with goes on demand in time; all ${formatNumberOf(recordCount, "record")} at ${formatTime(lastMomentMs)}, ${price}`;
  return [["Deadline", text]];
}

/** A point in time in this machine's zone, to the minute: `2026-12-01 07:00`. */
function formatTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Tokens, what they cost, the ways to have them for less, and the limits of what may be spent. */
function describePrice(plan: Plan, maxTokens: number, caps: BatchPlan["caps"]): Line[] {
  const { model, costUsd } = plan;
  if (plan.recordCount === 0 && plan.canary === undefined)
    return [["Price", `${formatUsd(0)}: nothing is sent, every request has its answer or is awaited`]];
  const isVector = plan.outputTokens.high === 0;
  const output = isVector
    ? "none: an answer is a vector"
    : `${range(plan.outputTokens, formatTokens)}; an answer has at most ${formatCount(maxTokens)}`;
  const tokens: readonly Line[] = [
    ["Tokens in", range(plan.inputTokens, formatTokens)],
    ["Tokens out", output],
  ];
  if (costUsd === undefined) return [...tokens, ["Price", `not known for ${model.label}; give it with --price in/out`]];
  const isAtMost = model.prices?.isBatchAtMost === true && findJobs(plan).length > 0;
  const atMost = `at most: no price in batch of ${model.label} is known, so the on-demand price stands for it`;
  return [
    ...tokens,
    ["Price", colors.bold(range(costUsd, formatUsd))],
    ...(isAtMost ? [["", atMost] as const] : []),
    ...describeWays(plan),
    ...caps.map((cap): Line => ["Limit", sayCap(cap, costUsd.high)]),
    ["", colors.dim(sayPriceSource(plan))],
  ];
}

function sayPriceSource({ model: { prices }, isUnmeasured }: Plan): string {
  const from = prices?.asOf === "given" ? "as given" : `of ${prices?.asOf}`;
  const unverified = isUnmeasured === true ? " (unverified for this model)" : "";
  return `prices ${from}; tokens are estimated from lengths${unverified}, halfprice try measures a few`;
}

/** The ways to have these answers, the cheapest first: each with its price, and how to take it. Those that cost less than the plan say so. */
function describeWays({ ways = [], costUsd }: Plan): Line[] {
  const own = costUsd?.expected ?? 0;
  const planAt = ways.findIndex(({ isPlan }) => isPlan === true);
  return ways.flatMap(({ way, usd, isPlan, isEstimate, command, doubt, kind }, index): Line[] => {
    const label = index === Math.max(0, planAt) ? "Ways" : index === 0 ? "Cheaper" : "";
    const price = `${isEstimate === true ? "about " : ""}${formatUsd(usd)}`.padStart(waysWidth);
    const saves =
      kind === "on-demand" && usd > own ? `; this plan saves ${Math.round((1 - own / usd) * 100)} % of it` : "";
    const text = `${price}  ${way}${saves}${isPlan === true ? ": this plan" : command === undefined ? "" : `: ${command}`}`;
    return [
      [label, isPlan === true ? colors.bold(text) : text],
      ...(doubt === undefined ? [] : [["", colors.dim(`${" ".repeat(waysWidth)}  ${doubt}`)] as const]),
    ];
  });
}

/** Letters of a price, with the word that marks an estimate. */
const waysWidth = 14;

/** What counts against a limit, and what is left of it. */
function sayCap({ option, maxUsd, spending }: BatchPlan["caps"][number], upperUsd: number): string {
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
