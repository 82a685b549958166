import type { Command } from "commander";
import { HalfpriceError } from "../../errors.ts";
import {
  approveCanary,
  checkOutputPath,
  checkPlace,
  checkRunOutput,
  checkRunPlan,
  checkSavedPlan,
  dropDraft,
  findSavedPlan,
  needsPlace,
  type PlaceCheckOptions,
  type PlannedRun,
  planRun,
  type RunRequest,
  recordOutput,
  startRun,
} from "../../index.ts";
import { formatNumberOf, formatUsd } from "../../report/format.ts";
import { askOrRefuse } from "../ask.ts";
import { finishCommand } from "../finish-command.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, addPromptOptions, addRunOptions, type RunFlags } from "../options.ts";
import { formatPlan } from "../print-plan.ts";
import { readCommandRequest } from "../read-command-request.ts";
import { fromSavedRequest } from "../saved-request.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec|plan]", "a table, a glob of tables in quotes, run:<id>, a .ts spec, or a saved plan")
    .argument("[prompt]", "a prompt file");
  addRunOptions(addPromptOptions(addPlaceOptions(addCommonOptions(command))));
  command.option("--detach", "return after the jobs are submitted");
  command.option("--skip-checks", "start although a check of the account fails; what fails is shown");
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice run reviews.csv sentiment.md -o answers.parquet\n  halfprice run reviews.csv sentiment.md --local -o answers.parquet",
  );
  command.action(async (word: string | undefined, other: string | undefined, given: RunFlags) => {
    const saved = word === undefined ? undefined : findSavedPlan(word);
    const { first, second, flags } = fromSavedRequest(saved, word, other, given);
    if (flags.output !== undefined) await checkOutputPath(flags.output, word === undefined ? [] : [word]);
    const request = await readCommandRequest(first, second, flags, "halfprice run");
    if (flags.output !== undefined)
      await checkOutputPath(flags.output, [request.table, ...(request.prompt.files ?? [])]);
    await inSession(flags, async (opened) => {
      const check = (planned: PlannedRun): void => {
        if (saved !== undefined) checkSavedPlan(word ?? "", saved, planned);
      };
      const runId = await planAndStart(opened, request, flags, check);
      const mode = flags.detach === true ? "once" : "follow";
      try {
        await finishCommand(opened, runId, mode, flags.json === true);
      } catch (error) {
        if (!(await isApproved(opened, runId, error))) throw error;
        await finishCommand(opened, runId, mode, flags.json === true);
      }
    });
  });
}

/** @returns the id of the run to work on: the one that was planned, or the same one of before that is not finished */
export async function planAndStart(
  opened: CommandSession,
  request: RunRequest,
  flags: RunFlags,
  check: (planned: PlannedRun) => void,
): Promise<string> {
  const { session, terminal, progress } = opened;
  const planned = await planRun(session, request);
  const { plan, run, unfinished, identity } = planned;
  progress.end();
  if (flags.output !== undefined) {
    await checkRunOutput(session, planned, flags.output).catch((error: unknown) => {
      dropDraft(planned);
      throw error;
    });
  }
  if (unfinished !== undefined) {
    dropDraft(planned);
    terminal.note(`taking up the run ${unfinished.id}: the same table, prompt and model, not finished yet`);
    if (flags.output !== undefined) await recordOutput(session, unfinished.id, flags.output);
    return unfinished.id;
  }
  try {
    const show = flags.json === true ? terminal.note : terminal.print;
    for (const line of formatPlan(plan, request.table, run.parameters.maxTokens, planned.caps)) show(line);
    show("");
    check(planned);
    checkRunPlan(planned, request);
    if (needsPlace(plan))
      await checkPlace(session, identity, plan, toPlaceCheck(opened, flags)).catch(sayLikely(opened));
    progress.end();
    // With nothing to send there is nothing to ask.
    if (flags.yes !== true && flags.local !== true && plan.recordCount > 0) await askForYes(opened, planned);
    await startRun(session, planned, flags.output);
    return run.id;
  } catch (error) {
    dropDraft(planned);
    throw error;
  }
}

const toPlaceCheck = ({ terminal }: CommandSession, { skipChecks }: RunFlags): PlaceCheckOptions =>
  skipChecks === true
    ? { onPassedBy: ({ finding }) => terminal.note(`${finding}\n  going on all the same (--skip-checks)`) }
    : {};

/** What the simulator says may be wrong; whoever knows better has a way. */
const sayLikely =
  ({ terminal, progress }: CommandSession) =>
  (error: unknown): never => {
    progress.end();
    if (error instanceof HalfpriceError && /^(ROLE_RIGHTS|CALLER_RIGHTS|PASS_ROLE|MODEL_ACCESS)$/.test(error.code))
      terminal.note("That is likely, not certain: it was asked of AWS, not tried. --skip-checks starts all the same.");
    throw error;
  };

/** Asks again where the canary was not as it should be. Without a terminal, and with --yes, nobody has seen it: that is a no. */
async function isApproved(
  { session, terminal, progress }: CommandSession,
  runId: string,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof HalfpriceError) || error.code !== "CANARY") return false;
  progress.end();
  terminal.note(error.message);
  const answer = await terminal.confirm("Send the rest as it is?");
  if (answer === true) approveCanary(session, runId);
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
