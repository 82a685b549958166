import { defined } from "../../foundation/defined.ts";
import { parseRunOptions } from "../../foundation/options/run-options.ts";
import type { PlanBatchOptions, RunBatchOptions, SessionOptions } from "../../index.ts";
import type { RunFlags } from "./options.ts";

/** What of a table is run and within which bounds, of the options of a line. @throws BAD_OPTIONS with every problem */
export function toBatchOptions(
  flags: RunFlags,
  command: string,
): Omit<PlanBatchOptions & RunBatchOptions, keyof SessionOptions> {
  const checked = parseRunOptions(flags, command);
  const { sheet, delimiter, quote, header, skipRows, encoding } = flags;
  const dialect = defined({ sheet, delimiter, quote, header, skipRows: toNumber(skipRows), encoding });
  const { sql, skipEmpty, fullRefresh, allowGlobal, overwrite, safeCsv, answerPrefix } = flags;
  const deadline = checked.deadline === undefined ? undefined : new Date(checked.deadline);
  const { timezone, limit, sample, select, canary, packTolerance, maxAttempts, maxTokens, price } = checked;
  const { maxCostUsd, maxCostTotalUsd, thinking, effort, answersPerRow, pack } = checked;
  return defined({
    ...{ limit, sample, select, canary, pack, packTolerance, maxAttempts, maxTokens, price, timezone },
    ...{ maxCostUsd, maxCostTotalUsd, effort, answersPerRow, sql, skipEmpty, fullRefresh, allowGlobal },
    ...{ overwrite, safeCsv, answerPrefix, thinking, deadline },
    ...{ onPromptError: checked.onPromptError, onMediaError: checked.onMediaError },
    dialect: Object.keys(dialect).length === 0 ? undefined : dialect,
    belowMinimum: flags.belowMinimum === undefined ? undefined : checked.belowMinimum,
    route: checked.isOnDemandAsked === true ? ("on-demand" as const) : undefined,
    tags: flags.tag === undefined ? undefined : checked.tags,
    timeoutHours: flags.timeoutHours === undefined ? undefined : checked.timeoutHours,
    allowMissing: flags.allowMissing === undefined ? undefined : checked.allowMissing,
  });
}

const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
