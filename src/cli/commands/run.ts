import type { Command } from "commander";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { formatCount, formatNumberOf, formatUsd } from "../../foundation/format.ts";
import { sayTrial } from "../../foundation/pack-trial.ts";
import { approveCanary, type BatchPlan, type BegunRun, beginBatch, checkOutput, checkUnattended } from "../../index.ts";
import { askOrRefuse } from "../ask.ts";
import { explainInterrupt } from "../display/interrupted.ts";
import { finishCommand, handOver } from "../finish-command.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import {
  addCommonOptions,
  addNotifyOption,
  addPartsOptions,
  addPlaceOptions,
  addPromptOptions,
  addRunOptions,
  type NotifyFlags,
  type PartsFlags,
  type RunFlags,
} from "../options/options.ts";
import { parseNotify } from "../options/parse-notify.ts";
import { type CommandRequest, readCommandRequest } from "../options/read-command-request.ts";
import { readPartsFlags } from "../options/read-parts-flags.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { formatPlan } from "../print-plan.ts";
import { checkSavedPlan, findSavedPlan } from "../saved-plan.ts";
import { fromSavedRequest } from "../saved-request.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec|plan]", "a table, a glob of tables in quotes, run:<id>, a .ts spec, or a saved plan")
    .argument("[prompt]", "a prompt file");
  addCommonOptions(addPlaceOptions(addPartsOptions(addRunOptions(addPromptOptions(command)))));
  command
    .optionsGroup("Sending:")
    .option("--detach", "return after the jobs are submitted")
    .option("--unattended", "begin, and leave the run to the function of halfprice deploy; takes a workspace on S3");
  addNotifyOption(command);
  command.option("--skip-checks", "start although a check of the account fails; what fails is shown");
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice run reviews.csv sentiment.md -o answers.parquet\n  halfprice run reviews.csv sentiment.md --local -o answers.parquet",
  );
  command.action(
    async (word: string | undefined, other: string | undefined, given: RunFlags & NotifyFlags & PartsFlags) => {
      const notify = parseNotify(given.notify ?? [], "halfprice run");
      const saved = word === undefined ? undefined : findSavedPlan(word);
      const { first, second, flags } = fromSavedRequest(saved, word, other, given);
      const sized = readPartsFlags(given, "halfprice run");
      const isInParts = Object.keys(sized).length > 0;
      if (flags.output !== undefined && !isInParts) await checkOutput(flags.output, word === undefined ? [] : [word]);
      if (flags.unattended === true) await checkHandover(flags, notify.length > 0);
      const request = await readCommandRequest(first, second, flags, "halfprice run");
      await inSession(flags, async (opened) => {
        const check = (plan: BatchPlan): void => {
          if (saved !== undefined) checkSavedPlan(word ?? "", saved, plan);
        };
        const { runId, isJoined } = await planAndStart(
          opened,
          { ...request, options: { ...request.options, ...sized } },
          flags,
          check,
        );
        const mode = flags.detach === true ? "once" : "follow";
        const finish = (): Promise<void> =>
          flags.unattended === true
            ? handOver(opened, runId, flags)
            : finishCommand(opened, runId, mode, flags.json === true, flags.output, notify, sized.workers);
        try {
          await finish();
        } catch (error) {
          if (isJoined && isError(error, "RUN_BUSY"))
            throw new HalfpriceError("STILL_RUNNING", { runId, waiting: 1 }, { cause: error });
          const approved = await askForApproval(opened, error);
          if (approved === undefined) throw error;
          await approveCanary(approved, opened.options);
          await finish();
        }
      });
    },
  );
}

/** @throws BAD_OPTIONS, WORKSPACE_NOT_SHARED */
async function checkHandover(flags: RunFlags, isNotified: boolean): Promise<void> {
  const problems = [
    ...(flags.local === true ? ["--unattended and --local do not go together: the local service has no function"] : []),
    ...(isNotified
      ? ["--unattended and --notify do not go together: halfprice deploy --notify-topic tells of trouble"]
      : []),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  await checkUnattended("halfprice run --unattended", toSessionOptions(flags));
}

/** @returns the run to work on: the one that was planned, or the same one that is not finished yet */
async function planAndStart(
  opened: CommandSession,
  { batch, options }: CommandRequest,
  flags: RunFlags,
  check: (plan: BatchPlan) => void,
): Promise<BegunRun> {
  const { terminal, progress } = opened;
  const show = flags.json === true ? terminal.note : terminal.print;
  let endCanary = (): void => undefined;
  try {
    return await beginBatch(batch, {
      ...{ ...opened.options, ...options, ...defined({ output: flags.output, skipChecks: flags.skipChecks }) },
      onFailedCheck: ({ finding }) => terminal.note(`${finding}\n  going on all the same (--skip-checks)`),
      onPlan(plan) {
        progress.end();
        // Whatever comes next says where it happened.
        if (flags.json === true) printJson(terminal, { origin: plan.origin });
        for (const line of formatPlan(plan)) show(line);
        show("");
        check(plan);
      },
      onDecided(plan) {
        endCanary();
        progress.end();
        for (const line of sayDecided(plan)) terminal.note(line);
      },
      onReplan(next, before) {
        progress.end();
        for (const line of sayReplanned(next, before)) terminal.note(line);
      },
      onJoin(runId) {
        progress.end();
        terminal.note(`joining the run ${runId}: the same table, prompt and model, not finished yet`);
      },
      async confirm(plan) {
        progress.end();
        if (flags.yes !== true && flags.local !== true) await askForYes(opened, plan);
        if (plan.pack?.canary !== undefined) endCanary = explainInterrupt();
        return true;
      },
    });
  } catch (error) {
    throw sayLikely(opened, error);
  } finally {
    endCanary();
  }
}

/** What the canary has shown, and what is sent after it. */
function sayDecided({ details: plan }: BatchPlan): string[] {
  if (plan.pack?.decision === undefined) return [];
  const { decision, requestCount, rowsPerRequest } = plan.pack;
  const paid = decision.paidUsd === undefined ? "" : ` It cost ${formatUsd(decision.paidUsd)}.`;
  const price = plan.costUsd === undefined ? "" : `, for about ${formatUsd(plan.costUsd.expected)}`;
  return [
    ...decision.trials.map(sayTrial),
    `${decision.reason}${paid}`,
    `${formatNumberOf(requestCount, "request")} of up to ${formatNumberOf(rowsPerRequest, "row")} to send${price}`,
  ];
}

/** What other runs have begun or answered since the plan was shown. */
function sayReplanned({ details: plan }: BatchPlan, { details: before }: BatchPlan): string[] {
  const known = new Map(
    (before.earlier?.awaited ?? []).map((each) => [`${each.runId} ${each.round}`, each.requestCount]),
  );
  const lines = (plan.earlier?.awaited ?? []).flatMap(({ runId, round, requestCount }) => {
    const more = requestCount - (known.get(`${runId} ${round}`) ?? 0);
    return more > 0
      ? [`run ${runId} has begun with ${formatCount(more)} of these records; this run waits for its answers`]
      : [];
  });
  const answered = (plan.earlier?.requestCount ?? 0) - (before.earlier?.requestCount ?? 0);
  if (answered > 0)
    lines.push(
      `${formatNumberOf(answered, "record")} of these were answered by other runs since; their answers are taken`,
    );
  const price = plan.costUsd === undefined ? "" : `, for at most ${formatUsd(plan.costUsd.high)}`;
  return [
    ...lines,
    `${formatNumberOf(plan.recordCount, "record")} of ${formatCount(before.recordCount)} are left to be sent${price}`,
  ];
}

/** What the simulator says may be wrong; whoever knows better has a way. */
function sayLikely({ terminal, progress }: CommandSession, error: unknown): unknown {
  progress.end();
  if (isError(error, "ROLE_RIGHTS", "CALLER_RIGHTS", "PASS_ROLE", "MODEL_ACCESS"))
    terminal.note("That is likely, not certain: it was asked of AWS, not tried. --skip-checks starts all the same.");
  return error;
}

/**
 * Asks again where the canary was not as it should be. Without a terminal, and with --yes, nobody has seen it: that is a no.
 * @returns the run whose canary is approved: it may be that of another run, which this one waits for
 */
async function askForApproval({ terminal, progress }: CommandSession, error: unknown): Promise<string | undefined> {
  if (!isError(error, "CANARY")) return undefined;
  progress.end();
  terminal.note(error.message);
  const answer = await terminal.confirm("Send the rest as it is?");
  return answer === true ? error.details.runId : undefined;
}

async function askForYes({ terminal, settings }: CommandSession, { details: plan, origin }: BatchPlan): Promise<void> {
  const price =
    plan.costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(plan.costUsd.expected)}, at most ${formatUsd(plan.costUsd.high)}`;
  const where = `account ${origin.accountId}, ${origin.region}, bucket ${settings.bucket}`;
  await askOrRefuse(terminal, `Start ${sayWork(plan)} for ${price}? (${where})`);
}

function sayWork({ lanes }: BatchPlan["details"]): string {
  return lanes
    .map(({ lane, shardCount, recordCount }) =>
      lane === "batch" ? formatNumberOf(shardCount, "job") : `${formatNumberOf(recordCount, "request")} on demand`,
    )
    .join(" and ");
}
