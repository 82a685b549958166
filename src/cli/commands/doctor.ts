import type { Command } from "commander";
import { tryCanary } from "../../doctor/canary.ts";
import type { NamedResult } from "../../doctor/check-account.ts";
import type { Diagnosis, DoctorTarget } from "../../doctor/doctor.ts";
import { diagnose } from "../../doctor/doctor.ts";
import { probeCreation } from "../../doctor/probe.ts";
import { makeRepairs, planRepairs } from "../../doctor/repair.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import { showRun } from "../../workspace/show-run.ts";
import { type CommandSession, inSession, printJson } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, addPromptOptions, addRunOptions, type RunFlags } from "../options.ts";
import { countResults, printCheck, printRepairs } from "../print-check.ts";
import { readCommandRequest } from "../read-command-request.ts";

type DoctorFlags = RunFlags & {
  readonly run?: string;
  readonly fix?: boolean;
  readonly probe?: boolean;
};

export function define(command: Command): void {
  command
    .argument("[table|spec]", "a table, a glob of tables in quotes, a .ts spec, or run:<id> for a run")
    .argument("[prompt]", "a prompt file")
    .optionsGroup("Doctor:")
    .option("--run <run>", "look at a run: why its jobs or rows failed, and whether it would go now")
    .option("--fix", "make the changes that only add an Allow: shows them first, and asks")
    .option("--probe", "ask the service itself, with a job that cannot run; it leaves a failed job in the list");
  addCommonOptions(addPlaceOptions(addRunOptions(addPromptOptions(command))));
  command.addHelpText(
    "after",
    [
      "\nExample:\n  halfprice doctor",
      "  halfprice doctor reviews.csv sentiment.md --bucket my-bucket --role arn:aws:iam::123456789012:role/HalfpriceBatchRole",
      "  halfprice doctor --run 20261121-093012-x7k2q --fix",
    ].join("\n"),
  );
  command.action(async (first: string | undefined, second: string | undefined, flags: DoctorFlags) => {
    const isRun = first?.startsWith("run:") === true && second === undefined && flags.prompt === undefined;
    const wanted = flags.run ?? (isRun ? first.slice("run:".length) : undefined);
    // Here the canary is asked after the checks, and not as a part of a plan.
    const { canary: _, ...asked } = flags;
    const request =
      isRun || (first === undefined && flags.input === undefined)
        ? undefined
        : await readCommandRequest(first, second, asked, "halfprice doctor");
    checkCanary(flags.canary, request);
    await inSession(flags, async (opened) => {
      const shown = wanted === undefined ? undefined : await showRun(opened.session, wanted);
      const target: DoctorTarget = {
        ...(request === undefined ? {} : { request }),
        ...(flags.model === undefined ? {} : { model: flags.model }),
        ...(flags.allowGlobal === true ? { isGlobalAllowed: true } : {}),
        ...(shown === undefined ? {} : { shown }),
      };
      await runDoctor(opened, target, flags, request);
    });
  });
}

/** @throws BAD_OPTIONS */
function checkCanary(canary: string | undefined, request: RunRequest | undefined): void {
  if (canary === undefined) return;
  const count = Number(canary);
  const isCount = Number.isInteger(count) && count >= 1 && count <= 100;
  const problems = [
    ...(request === undefined ? ["--canary needs a table and a prompt"] : []),
    ...(isCount ? [] : [`--canary is ${canary}; it takes 1 to 100`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice doctor" });
}

async function runDoctor(
  opened: CommandSession,
  target: DoctorTarget,
  flags: DoctorFlags,
  request: RunRequest | undefined,
): Promise<void> {
  const { session, terminal, progress } = opened;
  const isJson = flags.json === true;
  const show = (result: NamedResult): void => {
    progress.end();
    if (!isJson) printCheck(terminal, result);
  };
  const found = await diagnose(session, target, show);
  progress.end();
  let results = [...found.results, ...(await askFurther(opened, found, flags, request, show))];
  const fixed = flags.fix === true && (await makeFixes(opened, results, flags));
  if (fixed) {
    if (!isJson) terminal.print("\nlooked at again:");
    results = [...(await diagnose(session, target, show)).results];
    progress.end();
  }
  const failed = results.filter(({ status }) => status === "fail");
  if (isJson) {
    const { identity } = found;
    const account =
      identity === undefined ? {} : { accountId: identity.accountId, region: identity.region, caller: identity.arn };
    printJson(terminal, { ...account, isWell: failed.length === 0, fixed, results: results.map(toJson) });
  } else {
    terminal.print();
    const well = failed.length === 0 ? "ready to run" : failed.map(({ check }) => check).join(", ");
    terminal.print(`${countResults(results)}: ${well}`);
  }
  // Not thrown: every failure has been shown with its fix.
  if (failed.length > 0) process.exitCode = 3;
}

/** What leaves a trace or costs something: only where it was asked for, and confirmed. */
async function askFurther(
  { session, terminal }: CommandSession,
  { identity, place, model }: Diagnosis,
  flags: DoctorFlags,
  request: RunRequest | undefined,
  show: (result: NamedResult) => void,
): Promise<readonly NamedResult[]> {
  const results: NamedResult[] = [];
  const add = (result: NamedResult): void => {
    results.push(result);
    show(result);
  };
  const mayGo = async (question: string): Promise<boolean> => {
    const answer = flags.yes === true || (await terminal.confirm(question));
    if (answer !== true) terminal.note(`${question} Not confirmed (--yes), so it was left out.`);
    return answer === true;
  };
  if (flags.probe === true && identity !== undefined) {
    if (
      await mayGo("Create a job that cannot run? It costs nothing; where it is taken, a failed job stays in the list.")
    )
      add(await probeCreation(session, identity, place, model));
  }
  if (flags.canary !== undefined && request !== undefined && identity !== undefined) {
    const count = Number(flags.canary);
    if (await mayGo(`Send ${count} rows on demand, at the full price?`)) add(await tryCanary(session, request, count));
  }
  return results;
}

/** @returns whether anything was changed */
async function makeFixes(
  { session, terminal }: CommandSession,
  results: readonly NamedResult[],
  flags: DoctorFlags,
): Promise<boolean> {
  const repairs = planRepairs(results);
  if (repairs.length === 0) {
    terminal.note("nothing here can be fixed by adding an Allow");
    return false;
  }
  if (flags.json !== true) {
    terminal.print();
    printRepairs(terminal, repairs);
  }
  const isYes =
    flags.yes === true ||
    (await terminal.confirm(`Make ${repairs.length === 1 ? "this change" : `these ${repairs.length} changes`}?`));
  if (isYes !== true) {
    terminal.note(
      isYes === undefined ? "no terminal to ask on: --yes makes these changes" : "not confirmed; nothing was changed",
    );
    return false;
  }
  await makeRepairs(session, repairs);
  return true;
}

function toJson({ check, subject, status, finding, isLikely, error, fix, paste }: NamedResult): object {
  return {
    check,
    subject,
    status,
    finding,
    isLikely: isLikely === true,
    ...(error === undefined ? {} : { code: error.code, ...(error.why === undefined ? {} : { why: error.why }) }),
    ...(fix === undefined ? {} : { fix }),
    ...(paste === undefined ? {} : { paste }),
  };
}
