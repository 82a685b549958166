import { defined } from "../defined.ts";
import { HalfpriceError } from "../errors/index.ts";
import { limits } from "../limits.ts";
import type { BelowMinimum, Effort, Thinking, TokenPrice } from "../types/index.ts";
import { type DialectOptions, type DialectOptionsInput, parseDialect } from "./dialect-options.ts";
import { parseDeadline } from "./parse-deadline.ts";
import { makeReadNumber, type ReadNumber } from "./read-number.ts";
import { parseEffort, parsePrice, parseTags, parseThinking, parseTimezone } from "./run-option-values.ts";

/** Options of a run that are numbers or pairs, as they come from the line. */
export interface RunOptionsInput extends DialectOptionsInput {
  readonly limit?: string;
  readonly sample?: string;
  readonly seed?: string;
  readonly select?: string;
  readonly sql?: string;
  readonly maxCost?: string;
  readonly maxCostTotal?: string;
  readonly belowMinimum?: string;
  readonly route?: string;
  readonly thinking?: string;
  readonly effort?: string;
  readonly fullRefresh?: boolean;
  readonly overwrite?: boolean;
  readonly safeCsv?: boolean;
  readonly report?: boolean;
  readonly skipEmpty?: boolean;
  readonly onPromptError?: string;
  readonly onMediaError?: string;
  readonly allowGlobal?: boolean;
  readonly timezone?: string;
  readonly answers?: string;
  readonly canary?: string;
  readonly pack?: string;
  readonly packTolerance?: string;
  readonly maxAttempts?: string;
  readonly timeoutHours?: string;
  readonly deadline?: string;
  readonly allowMissing?: string;
  readonly maxTokens?: string;
  readonly price?: string;
  readonly tag?: readonly string[];
  readonly answerPrefix?: string;
}

/** The options of a run, checked and complete. */
export interface RunOptions {
  readonly limit?: number;
  /** n rows at random; the same seed takes the same rows. */
  readonly sample?: { readonly count: number; readonly seed: number };
  readonly select?: readonly string[];
  readonly sql?: string;
  readonly maxCostUsd?: number;
  readonly maxCostTotalUsd?: number;
  /** What becomes of records that no job takes. @defaultValue "fail" */
  readonly belowMinimum: BelowMinimum;
  /** All of the table goes on demand, at the full price, however many records it has. @defaultValue false */
  readonly isOnDemandAsked?: boolean;
  /** Both win over the prompt's. */
  readonly thinking?: Thinking;
  readonly effort?: Effort;
  /** Everything is sent, answered before or not. */
  readonly fullRefresh: boolean;
  /** The output may replace a file that is there, although it holds a part of the rows only. @defaultValue false */
  readonly mayOverwrite?: boolean;
  /** A CSV is written so that a spreadsheet computes no cell of it. @defaultValue false */
  readonly isCsvSafe?: boolean;
  /** No report is written when the run ends. @defaultValue false */
  readonly hasNoReport?: boolean;
  /** How the table's file is written, where that is not what halfprice finds out by itself. */
  readonly dialect?: DialectOptions;
  /** Rows with nothing in a cell that the prompt names are not sent. @defaultValue false */
  readonly skipEmpty?: boolean;
  /** What becomes of a row at which a prompt function fails: the whole plan fails, or the row is skipped. @defaultValue "fail" */
  readonly onPromptError?: "skip";
  /** What becomes of a row whose picture or document is missing, broken or too large: the whole plan fails, or the row is skipped. @defaultValue "fail" */
  readonly onMediaError?: "skip";
  /** The global inference profile is taken where the region has no other; data may go to any region of AWS. @defaultValue false */
  readonly isGlobalAllowed?: boolean;
  /** In which zone timestamps with one are written, an IANA name. @defaultValue "UTC" */
  readonly timezone?: string;
  /** So many answers of every row, each kept apart; from 2. One where it is left out. */
  readonly answersPerRow?: number;
  /** n records, taken at random, are asked on demand before the rest; the same seed takes the same. */
  readonly canary?: { readonly count: number; readonly seed: number };
  /** The most rows in one request, from 2; `"auto"`: as many as a canary shows to be no worse. Absent where each row is asked alone. */
  readonly pack?: number | "auto";
  /** How much less often packed answers may agree with single ones than single ones with each other, 0 to 1. @defaultValue 0.02 */
  readonly packTolerance?: number;
  /** How often a record is sent at most, the first time included; 1 to 10. @defaultValue 1 */
  readonly maxAttempts?: number;
  readonly timeoutHours: number;
  /** When the answers are wanted, milliseconds since 1970: what is stuck then goes on demand in time. */
  readonly deadline?: number;
  readonly allowMissing: number;
  readonly maxTokens?: number;
  readonly price?: TokenPrice;
  readonly tags: Readonly<Record<string, string>>;
  readonly answerPrefix: string;
}

/** Fewer rows tell too little about packed answers. */
export const leastPackCanary = 300;
/** More rows than this no request has. */
const mostPackedRows = 500;

/** One row in a request is no packing. */
function parsePack(input: RunOptionsInput, number: ReadNumber, problems: string[]): number | "auto" | undefined {
  if (input.packTolerance !== undefined && input.pack === undefined)
    problems.push("--pack-tolerance goes with --pack auto, or with --pack and --canary");
  if (input.pack === "auto") return "auto";
  if (input.pack !== undefined && Number.isNaN(Number(input.pack))) {
    problems.push(
      `--pack is ${JSON.stringify(input.pack)}; it has to be a whole number from 1 to ${mostPackedRows}, or auto`,
    );
    return undefined;
  }
  const rows = number("--pack", input.pack, 1, mostPackedRows, true);
  return rows === 1 ? undefined : rows;
}

/** @throws BAD_OPTIONS with every problem */
export function parseRunOptions(input: RunOptionsInput, command: string, nowMs: number = Date.now()): RunOptions {
  const problems: string[] = [];
  const number = makeReadNumber(problems);
  const rows = parseRows(input, number, problems);
  const bounds = parseBounds(input, number);
  const route = parseRoute(input, problems);
  const thinking = parseThinking(input.thinking, problems);
  const effort = parseEffort(input.effort, problems);
  const reading = parseReading(input, problems);
  const price = parsePrice(input.price, problems);
  const tags = parseTags(input.tag ?? [], problems);
  const answerPrefix = parseAnswerPrefix(input.answerPrefix, problems);
  const deadline = parseDeadline(input.deadline, nowMs, problems);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return {
    ...rows,
    ...bounds,
    ...route,
    ...defined({ thinking, effort }),
    ...reading,
    ...defined({ price, deadline }),
    tags,
    answerPrefix,
    fullRefresh: input.fullRefresh === true,
    ...(input.allowGlobal === true ? { isGlobalAllowed: true } : {}),
    ...(input.overwrite === true ? { mayOverwrite: true } : {}),
    ...(input.safeCsv === true ? { isCsvSafe: true } : {}),
    ...(input.report === false ? { hasNoReport: true } : {}),
  };
}

type RowOptions = Pick<RunOptions, "limit" | "sample" | "canary" | "pack" | "packTolerance" | "select" | "sql">;

/** Which rows and columns are taken, which are asked first, and how many share a request. */
function parseRows(input: RunOptionsInput, number: ReadNumber, problems: string[]): RowOptions {
  const limit = number("--limit", input.limit, 1, Infinity, true);
  const sampleCount = number("--sample", input.sample, 1, Infinity, true);
  const seed = number("--seed", input.seed, 0, Infinity, true) ?? 1;
  const pack = parsePack(input, number, problems);
  const canaryCount = number("--canary", input.canary, 1, pack === undefined ? 1000 : 5000, true);
  if (pack !== undefined && canaryCount !== undefined && canaryCount < leastPackCanary)
    problems.push(
      `--canary is ${canaryCount}; with --pack it compares packed answers with single ones, which takes at least ${leastPackCanary} rows`,
    );
  const packTolerance = number("--pack-tolerance", input.packTolerance, 0, 1, false);
  if (input.seed !== undefined && input.sample === undefined && input.canary === undefined && pack !== "auto")
    problems.push("--seed goes with --sample or --canary");
  const select = input.select?.split(",").map((name) => name.trim());
  if (select?.includes("") === true)
    problems.push(`--select is ${JSON.stringify(input.select)}; it has to be columns with commas between`);
  return {
    ...defined({ limit }),
    ...(sampleCount === undefined ? {} : { sample: { count: sampleCount, seed } }),
    ...(canaryCount === undefined ? {} : { canary: { count: canaryCount, seed } }),
    ...defined({ pack, packTolerance, select }),
    ...(input.sql === undefined ? {} : { sql: input.sql.trim().replace(/;$/, "") }),
  };
}

type Bounds = Pick<
  RunOptions,
  "maxCostUsd" | "maxCostTotalUsd" | "maxAttempts" | "answersPerRow" | "timeoutHours" | "allowMissing" | "maxTokens"
>;

/** How much may be spent, sent, waited for and lost. */
function parseBounds(input: RunOptionsInput, number: ReadNumber): Bounds {
  const { value: leastHours } = limits.minTimeoutHours;
  const { value: mostHours } = limits.maxTimeoutHours;
  const maxCostUsd = number("--max-cost", input.maxCost, 0, Infinity, false);
  const maxCostTotalUsd = number("--max-cost-total", input.maxCostTotal, 0, Infinity, false);
  const maxAttempts = number("--max-attempts", input.maxAttempts, 1, 10, true);
  const answersPerRow = number("--answers", input.answers, 1, 100, true) ?? 1;
  const timeoutHours = number("--timeout-hours", input.timeoutHours, leastHours, mostHours, true) ?? leastHours;
  const allowMissing = number("--allow-missing", input.allowMissing, 0, Infinity, true) ?? 0;
  const maxTokens = number("--max-tokens", input.maxTokens, 1, Infinity, true);
  return {
    ...defined({ maxCostUsd, maxCostTotalUsd, maxAttempts }),
    ...(answersPerRow === 1 ? {} : { answersPerRow }),
    timeoutHours,
    allowMissing,
    ...defined({ maxTokens }),
  };
}

/** What goes as jobs, and what on demand. */
function parseRoute(
  { belowMinimum = "fail", route = "batch" }: RunOptionsInput,
  problems: string[],
): Pick<RunOptions, "belowMinimum" | "isOnDemandAsked"> {
  if (belowMinimum !== "fail" && belowMinimum !== "on-demand")
    problems.push(`--below-minimum is ${JSON.stringify(belowMinimum)}; it has to be on-demand or fail`);
  if (route !== "batch" && route !== "on-demand")
    problems.push(`--route is ${JSON.stringify(route)}; it has to be batch or on-demand`);
  return {
    belowMinimum: belowMinimum === "on-demand" || route === "on-demand" ? "on-demand" : "fail",
    ...(route === "on-demand" ? { isOnDemandAsked: true } : {}),
  };
}

/** How the table is read, and which of its rows are skipped. */
function parseReading(
  input: RunOptionsInput,
  problems: string[],
): Pick<RunOptions, "onPromptError" | "onMediaError" | "skipEmpty" | "dialect" | "timezone"> {
  const { onPromptError, onMediaError, skipEmpty } = input;
  for (const [option, value] of [
    ["--on-prompt-error", onPromptError],
    ["--on-media-error", onMediaError],
  ] as const) {
    if (value !== undefined && value !== "fail" && value !== "skip")
      problems.push(`${option} is ${JSON.stringify(value)}; it has to be fail or skip`);
  }
  const dialect = parseDialect(input, problems);
  const timezone = parseTimezone(input.timezone, problems);
  return {
    ...(onPromptError === "skip" ? { onPromptError } : {}),
    ...(onMediaError === "skip" ? { onMediaError } : {}),
    ...(skipEmpty === true ? { skipEmpty } : {}),
    ...defined({ dialect }),
    ...(timezone === undefined || timezone === "UTC" ? {} : { timezone }),
  };
}

function parseAnswerPrefix(text: string | undefined, problems: string[]): string {
  const answerPrefix = text ?? "";
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(answerPrefix) && answerPrefix !== "")
    problems.push(`--answer-prefix is ${JSON.stringify(answerPrefix)}; it has to be letters, digits and underscores`);
  return answerPrefix;
}
