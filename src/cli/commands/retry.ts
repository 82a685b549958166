import type { Command } from "commander";
import { formatNumberOf, formatUsd } from "../../foundation/format.ts";
import { beginRetry, type PlannedRetry, planRetry } from "../../index.ts";
import { askOrRefuse } from "../ask.ts";
import { finishCommand } from "../finish-command.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import { addCommonOptions, addNotifyOption, type CommonFlags, type NotifyFlags } from "../options/options.ts";
import { parseNotify } from "../options/parse-notify.ts";
import { parseRetryOptions, type RetryOptionsInput } from "../options/parse-retry.ts";
import { formatRetry } from "../print-retry.ts";

type RetryFlags = CommonFlags & NotifyFlags & RetryOptionsInput & { readonly plan?: boolean };

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, its name, or latest")
    .option("--max-attempts <n>", "go on by itself until a record was sent n times in all (default: one more round)")
    .option("--max-tokens <n>", "tokens of an answer, at most, of what was cut off (default: twice what it was)")
    .option("--max-cost <usd>", "stop where the whole run, all rounds together, may cost more")
    .option("--below-minimum <how>", "what no job takes: on-demand, or fail (default: as the run was begun)")
    .option(
      "-o, --output <file>",
      "output file from now on (.parquet, .csv, .jsonl, .xlsx, s3://; default: as the run was begun)",
    )
    .option(
      "--rows <condition>",
      "only rows of its table for which this condition of DuckDB holds, such as: length(text) > 100",
    )
    .option("--overwrite", "replace the output file although it was changed since the run wrote it")
    .option("--plan", "show what would be sent again and what it costs, and send nothing");
  addNotifyOption(addCommonOptions(command));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice retry 20261121-093012-x7k2q\n  halfprice retry reviews --max-attempts 3 --max-cost 5 --below-minimum on-demand",
  );
  command.action(async (wanted: string, flags: RetryFlags) => {
    const bounds = parseRetryOptions(flags, "halfprice retry");
    const notify = parseNotify(flags.notify ?? [], "halfprice retry");
    await inSession(flags, async (opened) => {
      const options = { ...opened.options, ...bounds };
      if (flags.plan === true) return printPlan(opened, await planRetry(wanted, options), flags.json === true);
      const { terminal, progress } = opened;
      const show = flags.json === true ? terminal.note : terminal.print;
      const { runId, plan, isJoined } = await beginRetry(wanted, {
        ...options,
        onPlan(retry) {
          progress.end();
          for (const line of sayRetry(retry, terminal.columns)) show(line);
          if (!retry.isWorthwhile && flags.json === true) printJson(terminal, describe(retry));
        },
        async confirm(retry) {
          if (flags.yes !== true && flags.local !== true) await askForYes(opened, retry);
          return true;
        },
        onReplan(next) {
          for (const line of formatRetry(next, terminal.columns)) terminal.note(line);
        },
      });
      if (isJoined) terminal.note(`another process has begun a retry of ${runId} since; this one joins it`);
      else if (plan === undefined) return undefined;
      return finishCommand(opened, runId, "follow", flags.json === true, undefined, notify);
    });
  });
}

function printPlan({ terminal, progress }: CommandSession, retry: PlannedRetry, isJson: boolean): void {
  progress.end();
  if (isJson) printJson(terminal, describe(retry));
  else for (const line of sayRetry(retry, terminal.columns)) terminal.print(line);
}

function sayRetry(retry: PlannedRetry, columns: number): string[] {
  const { recordCount, parts } = retry;
  if (parts === undefined) return formatRetry(retry, columns);
  const rest =
    parts.unjoinedCount === 0 ? "" : `, and ${formatNumberOf(parts.unjoinedCount, "part")} were not done yet`;
  return [
    `${formatNumberOf(recordCount, "record")} of ${formatNumberOf(parts.count, "part")} can be sent again${rest}`,
  ];
}

async function askForYes({ terminal }: CommandSession, retry: PlannedRetry): Promise<void> {
  const { costUsd, recordCount } = retry;
  const price =
    costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(costUsd.expected)}, at most ${formatUsd(costUsd.high)}`;
  const records = formatNumberOf(recordCount, "record");
  await askOrRefuse(terminal, `Send ${records} again for ${price}?`);
}

function describe(retry: PlannedRetry): object {
  const {
    runId,
    origin,
    round,
    sent,
    left,
    recordCount,
    unsentCount,
    earlierCount,
    awaited,
    lanes,
    costUsd = null,
  } = retry;
  return {
    runId,
    origin,
    paidUsd: 0,
    round,
    sent,
    left,
    recordCount,
    unsentCount,
    earlierCount,
    awaited,
    lanes,
    costUsd,
  };
}
