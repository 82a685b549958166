import type { Command } from "commander";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { type BegunRun, beginBatch } from "../../library/begin-batch.ts";
import { sayTrial } from "../../library/pack-canary.ts";
import { parseNotify } from "../../notify/parse-notify.ts";
import { formatCount, formatNumberOf, formatUsd } from "../../report/format.ts";
import type { PartSize } from "../../run/parts/part-list.ts";
import { checkOutputPath } from "../../run/plan/check-run-plan.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import type { PlannedRun } from "../../run/plan/plan-run.ts";
import { checkSavedPlan, findSavedPlan } from "../../run/plan/saved-plan.ts";
import { approveCanary } from "../../run/start-and-resume/run-canary.ts";
import { isBusy } from "../../workspace/run-lease.ts";
import { askOrRefuse } from "../ask.ts";
import { explainInterrupt } from "../display/interrupted.ts";
import { finishCommand } from "../finish-command.ts";
import { type CommandSession, inSession, printJson } from "../open-session.ts";
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
} from "../options.ts";
import { readPartsFlags } from "../parts/read-parts-flags.ts";
import { formatPlan } from "../print-plan.ts";
import { readCommandRequest } from "../read-command-request.ts";
import { fromSavedRequest } from "../saved-request.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec|plan]", "a table, a glob of tables in quotes, run:<id>, a .ts spec, or a saved plan")
    .argument("[prompt]", "a prompt file");
  addCommonOptions(addPlaceOptions(addPartsOptions(addRunOptions(addPromptOptions(command)))));
  command.optionsGroup("Sending:").option("--detach", "return after the jobs are submitted");
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
      const { size, workers } = readPartsFlags(given, "halfprice run");
      if (flags.output !== undefined && size === undefined)
        await checkOutputPath(flags.output, word === undefined ? [] : [word]);
      const request = await readCommandRequest(first, second, flags, "halfprice run");
      await inSession(flags, async (opened) => {
        const check = (planned: PlannedRun): void => {
          if (saved !== undefined) checkSavedPlan(word ?? "", saved, planned);
        };
        const { runId, isJoined } = await planAndStart(opened, request, flags, check, size);
        const mode = flags.detach === true ? "once" : "follow";
        const finish = (): Promise<void> =>
          finishCommand(opened, runId, mode, flags.json === true, flags.output, notify, workers);
        try {
          await finish();
        } catch (error) {
          if (isJoined && isBusy(error))
            throw new HalfpriceError("STILL_RUNNING", { runId, waiting: 1 }, { cause: error });
          if (!(await isApproved(opened, error))) throw error;
          await finish();
        }
      });
    },
  );
}

/** @returns the run to work on: the one that was planned, or the same one that is not finished yet */
async function planAndStart(
  opened: CommandSession,
  request: RunRequest,
  flags: RunFlags,
  check: (planned: PlannedRun) => void,
  parts: PartSize | undefined,
): Promise<BegunRun> {
  const { session, terminal, progress } = opened;
  const show = flags.json === true ? terminal.note : terminal.print;
  let endCanary = (): void => undefined;
  try {
    return await beginBatch(session, request, {
      ...(flags.output === undefined ? {} : { output: flags.output }),
      ...(parts === undefined ? {} : { parts }),
      ...(flags.skipChecks === true
        ? { onPassedBy: ({ finding }) => terminal.note(`${finding}\n  going on all the same (--skip-checks)`) }
        : {}),
      onPlan(planned) {
        progress.end();
        const { plan, run, caps } = planned;
        // Whatever comes next says where it happened.
        if (flags.json === true) printJson(terminal, { origin: run.origin });
        for (const line of formatPlan(plan, request.table, run.parameters.maxTokens, caps)) show(line);
        show("");
        check(planned);
      },
      onDecided(planned) {
        endCanary();
        progress.end();
        for (const line of sayDecided(planned)) terminal.note(line);
      },
      onReplan(next, before) {
        progress.end();
        for (const line of sayReplanned(next, before)) terminal.note(line);
      },
      onJoin(runId) {
        progress.end();
        terminal.note(`joining the run ${runId}: the same table, prompt and model, not finished yet`);
      },
      async confirm(planned) {
        progress.end();
        if (flags.yes !== true && flags.local !== true) await askForYes(opened, planned);
        if (planned.plan.pack?.canary !== undefined) endCanary = explainInterrupt();
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
function sayDecided({ plan }: PlannedRun): string[] {
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
function sayReplanned({ plan }: PlannedRun, { plan: before }: PlannedRun): string[] {
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

/** Asks again where the canary was not as it should be. Without a terminal, and with --yes, nobody has seen it: that is a no. */
async function isApproved({ session, terminal, progress }: CommandSession, error: unknown): Promise<boolean> {
  if (!isError(error, "CANARY")) return false;
  progress.end();
  terminal.note(error.message);
  const answer = await terminal.confirm("Send the rest as it is?");
  // It may be that of another run, which this one waits for.
  if (answer === true) approveCanary(session, error.details.runId);
  return answer === true;
}

async function askForYes({ terminal, config }: CommandSession, { plan, identity }: PlannedRun): Promise<void> {
  const price =
    plan.costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(plan.costUsd.expected)}, at most ${formatUsd(plan.costUsd.high)}`;
  const where = `account ${identity.accountId}, ${identity.region}, bucket ${config.bucket}`;
  await askOrRefuse(terminal, `Start ${sayWork(plan)} for ${price}? (${where})`);
}

function sayWork({ lanes }: PlannedRun["plan"]): string {
  return lanes
    .map(({ lane, shardCount, recordCount }) =>
      lane === "batch" ? formatNumberOf(shardCount, "job") : `${formatNumberOf(recordCount, "request")} on demand`,
    )
    .join(" and ");
}
