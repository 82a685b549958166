import type { Command } from "commander";
import { isError } from "../../foundation/errors/index.ts";
import { type Notify, parseNotify } from "../../notify/parse-notify.ts";
import { formatNumberOf, formatUsd } from "../../report/format.ts";
import { isPartsRetryWorthwhile, planPartsRetry, startPartsRetry } from "../../run/parts/retry-parts.ts";
import { parseRetryOptions, type RetryOptionsInput } from "../../run/retry/parse-retry.ts";
import { dropRetry, isWorthwhile, planRetry, type RetryOptions, type RetryPlan } from "../../run/retry/plan-retry.ts";
import { checkRetry, startRetry } from "../../run/retry/start-retry.ts";
import { findRunRow } from "../../workspace/show-run.ts";
import { askOrRefuse } from "../ask.ts";
import { finishCommand } from "../finish-command.ts";
import { type CommandSession, inSession, printJson } from "../open-session.ts";
import { addCommonOptions, addNotifyOption, type CommonFlags, type NotifyFlags } from "../options.ts";
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
    .option("--overwrite", "replace the output file although it was changed since the run wrote it")
    .option("--plan", "show what would be sent again and what it costs, and send nothing");
  addNotifyOption(addCommonOptions(command));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice retry 20261121-093012-x7k2q\n  halfprice retry reviews --max-attempts 3 --max-cost 5 --below-minimum on-demand",
  );
  command.action(async (wanted: string, flags: RetryFlags) => {
    const options = parseRetryOptions(flags, "halfprice retry");
    const notify = parseNotify(flags.notify ?? [], "halfprice retry");
    await inSession(flags, async (opened) => {
      const { session, terminal, progress } = opened;
      const row = await findRunRow(session, wanted);
      if (row.partCount !== undefined) return retryInParts(opened, row.id, flags, options, notify);
      const retry = await planRetry(session, row.id, options);
      progress.end();
      try {
        const show = flags.json === true && flags.plan !== true ? terminal.note : terminal.print;
        if (flags.json !== true || flags.plan !== true)
          for (const line of formatRetry(retry, opened.terminal.columns)) show(line);
        if (flags.plan === true) {
          if (flags.json === true) printJson(terminal, describe(retry));
          return await dropRetry(session, retry);
        }
        if (!isWorthwhile(retry)) {
          await dropRetry(session, retry);
          if (flags.json === true) printJson(terminal, describe(retry));
          return undefined;
        }
        await checkRetry(session, retry);
        // With nothing to send there is nothing to ask.
        if (flags.yes !== true && flags.local !== true && retry.recordCount > 0) await askForYes(opened, retry);
        await startRetry(session, retry, (next) => {
          for (const line of formatRetry(next, opened.terminal.columns)) terminal.note(line);
        });
      } catch (error) {
        await dropRetry(session, retry);
        if (!isBegun(error)) throw error;
        terminal.note(`another process has begun a retry of ${row.id} since; this one joins it`);
      }
      return finishCommand(opened, row.id, "follow", flags.json === true, undefined, notify);
    });
  });
}

/** Sends again what parts of a run have no good answer to: each such part is prepared, sent and joined once more. */
async function retryInParts(
  opened: CommandSession,
  id: string,
  flags: RetryFlags,
  options: RetryOptions,
  notify: readonly Notify[],
): Promise<void> {
  const { session, terminal, progress } = opened;
  const retry = await planPartsRetry(session, id, options);
  progress.end();
  const { parts, recordCount, unjoinedCount } = retry;
  const again = `${formatNumberOf(recordCount, "record")} of ${formatNumberOf(parts.length, "part")} can be sent again`;
  const rest = unjoinedCount === 0 ? "" : `, and ${formatNumberOf(unjoinedCount, "part")} were not done yet`;
  if (flags.json === true && (flags.plan === true || !isPartsRetryWorthwhile(retry)))
    printJson(terminal, { ...retry, paidUsd: 0 });
  else (flags.json === true ? terminal.note : terminal.print)(`${again}${rest}`);
  if (flags.plan === true || !isPartsRetryWorthwhile(retry)) return;
  if (flags.yes !== true && flags.local !== true)
    await askOrRefuse(terminal, `Send ${formatNumberOf(recordCount, "record")} again${rest}?`);
  await startPartsRetry(session, retry, options);
  await finishCommand(opened, id, "follow", flags.json === true, undefined, notify);
}

async function askForYes({ terminal }: CommandSession, retry: RetryPlan): Promise<void> {
  const { costUsd, recordCount } = retry;
  const price =
    costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(costUsd.expected)}, at most ${formatUsd(costUsd.high)}`;
  const records = formatNumberOf(recordCount, "record");
  await askOrRefuse(terminal, `Send ${records} again for ${price}?`);
}

/** Whether the run is under way by now, after it had ended when the retry was planned. */
const isBegun = (error: unknown): boolean => isError(error, "RUN_UNFINISHED");

function describe(retry: RetryPlan): object {
  const { run, round, sent, left, recordCount, unsentCount, earlierCount, awaited, lanes, costUsd = null } = retry;
  return {
    runId: run.id,
    origin: run.origin,
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
