import type { Command } from "commander";
import {
  checkRetry,
  dropRetry,
  parseRetryOptions,
  planRetry,
  type RetryOptionsInput,
  type RetryPlan,
  showRun,
  startRetry,
} from "../../index.ts";
import { formatNumberOf, formatUsd } from "../../report/format.ts";
import { askOrRefuse } from "../ask.ts";
import { finishCommand } from "../finish-command.ts";
import { type CommandSession, inSession, printJson } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { formatRetry } from "../print-retry.ts";

type RetryFlags = CommonFlags & RetryOptionsInput & { readonly plan?: boolean };

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, or its name")
    .option("--max-attempts <n>", "go on by itself until a record was sent n times in all (default: one more round)")
    .option("--max-cost <usd>", "stop where the whole run, all rounds together, may cost more")
    .option("--below-minimum <how>", "what no job takes: on-demand, or fail (default: as the run was begun)")
    .option("-o, --output <file>", "output file from now on (.parquet, .csv, .jsonl; default: as the run was begun)")
    .option("--overwrite", "replace the output file although it was changed since the run wrote it")
    .option("--plan", "show what would be sent again and what it costs, and send nothing");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice retry 20261121-093012-x7k2q\n  halfprice retry reviews --max-attempts 3 --max-cost 5 --below-minimum on-demand",
  );
  command.action(async (wanted: string, flags: RetryFlags) => {
    const options = parseRetryOptions(flags, "halfprice retry");
    await inSession(flags, async (opened) => {
      const { session, terminal, progress } = opened;
      const { row } = await showRun(session, wanted);
      const retry = await planRetry(session, row.id, options);
      progress.end();
      try {
        const show = flags.json === true && flags.plan !== true ? terminal.note : terminal.print;
        if (flags.json !== true || flags.plan !== true) for (const line of formatRetry(retry)) show(line);
        if (flags.plan === true) {
          if (flags.json === true) printJson(terminal, describe(retry));
          return await dropRetry(session, retry);
        }
        if (retry.recordCount + retry.unsentCount === 0) {
          await dropRetry(session, retry);
          if (flags.json === true) printJson(terminal, describe(retry));
          return undefined;
        }
        await checkRetry(session, retry);
        if (flags.yes !== true && flags.local !== true) await askForYes(opened, retry);
        await startRetry(session, retry);
      } catch (error) {
        await dropRetry(session, retry);
        throw error;
      }
      return finishCommand(opened, row.id, "follow", flags.json === true);
    });
  });
}

async function askForYes({ terminal }: CommandSession, retry: RetryPlan): Promise<void> {
  const { costUsd, recordCount, unsentCount } = retry;
  const price =
    costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(costUsd.expected)}, at most ${formatUsd(costUsd.high)}`;
  const records = formatNumberOf(recordCount + unsentCount, "record");
  await askOrRefuse(terminal, `Send ${records} again for ${price}?`);
}

function describe({ run, round, sent, left, recordCount, unsentCount, lanes, costUsd }: RetryPlan): object {
  return { runId: run.id, round, sent, left, recordCount, unsentCount, lanes, costUsd: costUsd ?? null };
}
