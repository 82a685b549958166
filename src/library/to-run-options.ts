import { defined } from "../foundation/defined.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { parseRunOptions, type RunOptions } from "../foundation/options/run-options.ts";
import type { RunBatchOptions } from "./batch-options.ts";
import { batchOptionNames, refuseUnknownOptions } from "./option-names.ts";

/** Names of the command's options, as a program spells them. */
const spelling: Readonly<Record<string, string>> = {
  "--limit": "limit",
  "--sample": "sample.count",
  "--seed": "seed",
  "--select": "select",
  "--max-cost": "maxCostUsd",
  "--max-cost-total": "maxCostTotalUsd",
  "--below-minimum": "belowMinimum",
  "--route": "route",
  "--thinking": "thinking",
  "--effort": "effort",
  "--sheet": "dialect.sheet",
  "--delimiter": "dialect.delimiter",
  "--quote": "dialect.quote",
  "--skip-rows": "dialect.skipRows",
  "--encoding": "dialect.encoding",
  "--on-prompt-error": "onPromptError",
  "--on-media-error": "onMediaError",
  "--timezone": "timezone",
  "--answers": "answersPerRow",
  "--canary": "canary.count",
  "--pack": "pack",
  "--pack-tolerance": "packTolerance",
  "--max-attempts": "maxAttempts",
  "--timeout-hours": "timeoutHours",
  "--deadline": "deadline",
  "--allow-missing": "allowMissing",
  "--max-tokens": "maxTokens",
  "--price": "price",
  "--tag": "tags",
  "--answer-prefix": "answerPrefix",
};

/**
 * The options of a batch, checked as the command checks its own.
 * @param own names of the verb's own options @throws BAD_OPTIONS with every problem
 */
export function toRunOptions(options: RunBatchOptions, command: string, own: readonly string[] = []): RunOptions {
  refuseUnknownOptions(options, [...batchOptionNames, ...own], command);
  const { sample, canary, price, tags = {}, dialect = {} } = options;
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  const seed = text(sample?.seed ?? canary?.seed);
  const given = {
    limit: text(options.limit),
    sample: text(sample?.count),
    seed,
    select: options.select?.join(","),
    sql: options.sql,
    maxCost: text(options.maxCostUsd),
    maxCostTotal: text(options.maxCostTotalUsd),
    belowMinimum: options.belowMinimum,
    route: options.route,
    thinking: options.thinking === undefined ? undefined : String(options.thinking),
    effort: options.effort,
    sheet: dialect.sheet === undefined ? undefined : String(dialect.sheet),
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    header: dialect.header,
    skipRows: text(dialect.skipRows),
    encoding: dialect.encoding,
    skipEmpty: options.skipEmpty,
    onPromptError: options.onPromptError,
    onMediaError: options.onMediaError,
    safeCsv: options.safeCsv,
    report: options.report,
    fullRefresh: options.fullRefresh,
    overwrite: options.overwrite,
    allowGlobal: options.allowGlobal,
    timezone: options.timezone,
    answers: text(options.answersPerRow),
    canary: text(canary?.count),
    pack: options.pack === undefined ? undefined : String(options.pack),
    packTolerance: text(options.packTolerance),
    maxAttempts: text(options.maxAttempts),
    timeoutHours: text(options.timeoutHours),
    deadline: options.deadline instanceof Date ? options.deadline.toISOString() : options.deadline,
    allowMissing: text(options.allowMissing),
    maxTokens: text(options.maxTokens),
    price: price === undefined ? undefined : `${price.inputUsd}/${price.outputUsd}`,
    tag: Object.entries(tags).map(([name, value]) => `${name}=${value}`),
    answerPrefix: options.answerPrefix,
  };
  try {
    const parsed = parseRunOptions(defined(given), command);
    return options.select === undefined ? parsed : { ...parsed, select: options.select };
  } catch (error) {
    if (!isError(error, "BAD_OPTIONS")) throw error;
    const { problems } = error.details;
    const respelled = problems.map((problem) => problem.replace(/--[a-z-]+/g, (name) => spelling[name] ?? name));
    throw new HalfpriceError("BAD_OPTIONS", { problems: respelled, command }, { cause: error });
  }
}
