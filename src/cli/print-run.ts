import { relative } from "node:path";
import { isCounted } from "../foundation/counts.ts";
import { defined } from "../foundation/defined.ts";
import { formatBytes, formatCount, formatDuration, formatNumberOf, formatUsd } from "../foundation/format.ts";
import { makeMoneyLines } from "../foundation/money-line.ts";
import { makeMoneyTable } from "../foundation/money-table.ts";
import { moneyOf } from "../foundation/sum-money.ts";
import {
  type Explanation,
  type Origin,
  outcomes,
  type RunMoney,
  type RunSummary,
  type TableProfile,
} from "../foundation/types/index.ts";
import type { RunView } from "../index.ts";
import { colors } from "./display/colors.ts";
import { printAnswers } from "./display/print-answers.ts";
import { formatLoad } from "./format-load.ts";
import { adviseHere, continueHere } from "./print-error.ts";
import { formatTable } from "./print-table.ts";
import type { Terminal } from "./terminal.ts";

/** A run that has ended. */
export interface FinishedView extends Pick<RunView, "run" | "plan" | "paths" | "shards"> {
  readonly summary: RunSummary;
  /** Where the user wanted the table; undefined where only the run's directory has it. */
  readonly outputPath: string | undefined;
}

/**
 * What a run came to: the money line last, after whatever needs attention.
 * @param service the option that leads a further command to the same service, with a space before it; empty where none is needed
 */
export function printFinished(
  terminal: Terminal,
  { run, plan, summary, paths, outputPath }: FinishedView,
  service: string,
  profile?: TableProfile,
): void {
  if (profile !== undefined) printAnswers(terminal, profile);
  printProblems(terminal, summary);
  printOffer(terminal, run.id, summary, service);
  const [head = "", ...rest] = makeMoneyLines({ summary, model: plan.model, origin: run.origin });
  terminal.print(colors.bold(head));
  for (const line of rest) terminal.print(line);
  const money = moneyOf(summary);
  // With one way and nothing spared, the line has said it all.
  if (money.parts.length > 1 || money.onceCount + money.earlierCount > 0) printMoney(terminal, money, run.origin);
  terminal.print(`${colors.dim("Table     ")} ${outputPath ?? shortenPath(paths.results)}`);
  terminal.print(`${colors.dim("Report    ")} ${shortenPath(paths.report)}`);
  terminal.print(`${colors.dim("Next      ")} ${adviseHere(sayNext(run.id, summary, profile))}`);
}

/** A path as one would type it here. */
function shortenPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length && !near.startsWith("..") ? near : path;
}

/** What one would do now. */
function sayNext(id: string, { outcomeCounts }: RunSummary, profile: TableProfile | undefined): string {
  const labels = profile?.answers.find(({ kind }) => kind === "labels");
  if (outcomeCounts.answered === 0) return `halfprice show ${id}   (why nothing was answered)`;
  return labels === undefined
    ? `halfprice show ${id} --query "SELECT * FROM results LIMIT 5"   (ask its table in SQL)`
    : `halfprice eval ${id} --gold <column> --answer ${labels.name.replace(/[[.].*$/, "")}   (how good the answers are)`;
}

/** Outcomes that are not answers, by cause, and what does not agree. */
export function printProblems(terminal: Terminal, summary: RunSummary): void {
  const counted = outcomes.filter((outcome) => summary.outcomeCounts[outcome] > 0);
  if (counted.some((outcome) => outcome !== "answered")) {
    terminal.print(counted.map((outcome) => `${formatCount(summary.outcomeCounts[outcome])} ${outcome}`).join(", "));
  }
  for (const { outcome, message, count, explanation } of summary.causes.slice(0, 5)) {
    terminal.print(`  ${colors.yellow(formatCount(count).padStart(7))}  ${outcome}: ${message}`);
    printExplanation(terminal, explanation);
  }
  const { causes, discrepancies, jobEnds = [] } = summary;
  if (causes.length > 5) terminal.print(`  ${formatCount(causes.length - 5)} more causes stand in the report`);
  const isEnd = (line: string): boolean =>
    jobEnds.some(({ jobName, status }) => line.includes(`(${jobName}) ended ${status}`));
  for (const each of discrepancies.filter((line) => !isEnd(line))) terminal.print(`  ${colors.yellow("!")} ${each}`);
  for (const { index, status, message, explanation } of jobEnds) {
    terminal.print(
      `  ${colors.yellow("!")} job ${index + 1} ended ${status}${message === undefined ? "" : `: ${message}`}`,
    );
    printExplanation(terminal, explanation);
  }
}

/** What could still be got, and what it would cost. */
function printOffer(terminal: Terminal, id: string, { retry }: RunSummary, service: string): void {
  if (retry === undefined) return;
  const { recordCount, leftCount, lane, usd } = retry;
  const label = colors.dim("Retry     ");
  const command = continueHere(`halfprice retry ${id}`, service);
  const price =
    usd === undefined
      ? ""
      : ` for about ${formatUsd(usd.expected)}, at most ${formatUsd(usd.high)}${lane === "on_demand" ? ", on demand: fewer than a job takes" : ""}`;
  if (recordCount > 0) {
    const records = formatNumberOf(recordCount, "record");
    terminal.print(`${label} ${records} can be sent again${price}: ${command}`);
  }
  if (leftCount > 0) {
    const left = `${formatNumberOf(leftCount, "record")} would end the same way again`;
    terminal.print(`${label} ${left}: ${command} --plan says why`);
  }
}

/** A run's money, line by line. */
function printMoney(terminal: Terminal, money: RunMoney, origin: Origin, reservedUsd?: number): void {
  const rows = makeMoneyTable(money, origin, reservedUsd);
  const wide = (pick: (row: (typeof rows)[number]) => string): number =>
    Math.max(...rows.map((row) => pick(row).length));
  const [labels, figures] = [wide(({ label }) => label), wide(({ figure }) => figure)];
  for (const { label, figure, note } of rows) {
    terminal.print(`  ${label.padEnd(labels)}  ${figure.padStart(figures)}  ${colors.dim(note)}`.trimEnd());
  }
}

/** Cause and fix below the raw words, indented as they are. */
function printExplanation(terminal: Terminal, explanation: Explanation | undefined): void {
  if (explanation === undefined) return;
  terminal.print(`           ${colors.dim("why")}  ${explanation.cause}`);
  terminal.print(`           ${colors.green("fix")}  ${adviseHere(explanation.fix)}`);
}

/** A line of a run's shards: a job, or what is asked on demand. */
function shardCells(shard: RunView["shards"][number], canaryIndex: number | undefined, isUnknown: boolean): string[] {
  const { index, lane, round, state, closed, recordCount, sizeBytes, attempt, askedAt, answeredAt } = shard;
  const took = (from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined ? "" : formatDuration(Math.max(0, to - from));
  const name = round === 0 ? "" : ` (round ${round})`;
  const head = [formatCount(recordCount), formatBytes(sizeBytes)];
  if (lane === "on_demand") {
    const isAnswered = state === "collected";
    const label = index === canaryIndex ? "canary" : "on demand";
    const done = isAnswered ? `${formatCount(recordCount)} asked` : "";
    return [`${label}${name}`, isAnswered ? "answered" : state, ...head, done, took(askedAt, answeredAt)];
  }
  const counts = attempt?.counts;
  const notYet = attempt?.endedAt === undefined ? "not counted yet" : "not counted";
  const done = isCounted(counts)
    ? `${formatCount(counts?.success ?? 0)} ok, ${formatCount(counts?.error ?? 0)} failed`
    : notYet;
  const seen = isUnknown || closed === "unknown" ? "unknown" : closed === "refused" ? "refused" : attempt?.status;
  return [
    `${index + 1}${name}`,
    seen ?? (closed === "resent" ? "sent later" : state),
    ...head,
    done,
    took(attempt?.submittedAt, attempt?.endedAt),
  ];
}

/** How rows share requests, and what the canary showed of it. */
function sayPacked({ plan: { pack } }: RunView): string[] {
  if (pack === undefined) return [];
  const { rowsPerRequest, requestCount, decision } = pack;
  const requests = `${formatNumberOf(requestCount, "request")} of up to ${formatNumberOf(rowsPerRequest, "row")}`;
  return [requests, ...(decision === undefined ? [] : [decision.reason])];
}

/** One run: its jobs, outcomes, and money. */
export function printShown(terminal: Terminal, shown: RunView, service: string): void {
  const { row, run, plan, paths, shards, reservedUsd, links, load, asked, ends, uncounted, parts } = shown;
  const add = (label: string, text: string): void => terminal.print(`${colors.dim(label.padEnd(11))}${text}`);
  const where = row.origin.kind === "local" ? "the local service" : `account ${row.origin.accountId}`;
  add("Run", `${row.id}  ${row.name}, ${row.state}`);
  add("Where", `${where}, ${row.origin.region}`);
  add("Model", `${plan.model.label}, as ${plan.model.invokeId}`);
  add(
    "Table",
    `${run.table.shownPath}: ${formatCount(row.rowCount)} rows, ${formatCount(row.recordCount)} distinct requests`,
  );
  if (parts !== undefined) {
    const { count, joinedCount, openCount } = parts;
    add("Parts", `${formatCount(joinedCount)} of ${formatCount(count)} joined, ${formatCount(openCount)} under way`);
  }
  for (const [index, line] of sayPacked(shown).entries()) add(index === 0 ? "Packed" : "", line);
  if (run.parent !== undefined) add("From", `the answers of ${run.parent.runId}  ${run.parent.name}`);
  const lines = shards.map((shard) =>
    shardCells(shard, run.canary?.index, asked?.unknownIndexes.includes(shard.index) === true),
  );
  const columns = [
    { head: "job" },
    { head: "state" },
    { head: "records", align: "right" as const },
    { head: "size", align: "right" as const },
    { head: "done" },
    { head: "took" },
  ];
  if (parts === undefined) for (const line of formatTable(columns, lines, terminal.columns)) terminal.print(line);
  if (uncounted !== undefined) terminal.print(colors.dim(uncounted));
  for (const { index, attempt } of shards) {
    if (attempt?.jobArn === undefined) continue;
    terminal.print(colors.dim(`job ${index + 1}`));
    add("  ARN", attempt.jobArn);
    add("  input", attempt.inputUri);
    add("  output", attempt.outputUri);
    const link = links[attempt.jobArn];
    if (link !== undefined) add("  console", link);
    if (attempt.message !== undefined) add("  message", colors.yellow(attempt.message));
    printExplanation(terminal, ends[attempt.jobArn]);
  }
  if (asked?.unknown !== undefined) {
    add("Unknown", colors.yellow(asked.unknown.message));
    add("", `${colors.green("fix")}  ${adviseHere(asked.unknown.fix)}`);
  }
  if (asked?.problem !== undefined) add("Asked", `the service could not be asked: ${asked.problem}`);
  if (load !== undefined) add("Load", formatLoad(load));
  if (row.summary === undefined) {
    const { estimateUsd } = row;
    const money = { ...defined({ estimateUsd }), parts: [], onceCount: 0, earlierCount: 0 };
    if (estimateUsd !== undefined) printMoney(terminal, money, row.origin, reservedUsd);
    if (asked?.unknown === undefined) add("Next", continueHere(`halfprice resume ${row.id}`, service));
    return;
  }
  printProblems(terminal, row.summary);
  printOffer(terminal, row.id, row.summary, service);
  for (const line of makeMoneyLines({ summary: row.summary, model: plan.model, origin: row.origin }))
    terminal.print(line);
  printMoney(terminal, moneyOf(row.summary), row.origin, reservedUsd);
  add("Results", row.outputPath ?? paths.results);
  add("Report", paths.report);
}
