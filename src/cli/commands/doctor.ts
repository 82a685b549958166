import type { Command } from "commander";
import { type DoctorReport, type DoctorStep, doctor } from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { LoadedBatch } from "../../index.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import {
  addCommonOptions,
  addPlaceOptions,
  addPromptOptions,
  addRunOptions,
  type RunFlags,
} from "../options/options.ts";
import { type CommandRequest, readCommandRequest } from "../options/read-command-request.ts";
import { countResults, printCheck, printRepairs } from "../print-check.ts";

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
    checkCanary(flags.canary, request?.batch);
    await inSession(flags, (opened) => runDoctor(opened, wanted, flags, request));
  });
}

/** @throws BAD_OPTIONS */
function checkCanary(canary: string | undefined, batch: LoadedBatch | undefined): void {
  if (canary === undefined) return;
  const count = Number(canary);
  const isCount = Number.isInteger(count) && count >= 1 && count <= 100;
  const problems = [
    ...(batch === undefined ? ["--canary needs a table and a prompt"] : []),
    ...(isCount ? [] : [`--canary is ${canary}; it takes 1 to 100`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice doctor" });
}

async function runDoctor(
  opened: CommandSession,
  run: string | undefined,
  flags: DoctorFlags,
  request: CommandRequest | undefined,
): Promise<void> {
  const { options, terminal, progress } = opened;
  const isJson = flags.json === true;
  const { isWell, isFixed, results, caller } = await doctor({
    ...options,
    ...request?.options,
    ...defined({ batch: request?.batch, run, model: flags.model, allowGlobal: flags.allowGlobal }),
    ...defined({ probe: flags.probe, fix: flags.fix }),
    ...(flags.canary === undefined ? {} : { canary: { count: Number(flags.canary) } }),
    onResult(result) {
      progress.end();
      if (!isJson) printCheck(terminal, result);
    },
    confirm(step) {
      progress.end();
      return step.kind === "fix" ? mayFix(opened, step.repairs, flags) : mayAsk(opened, step, flags);
    },
    onFixed: () => (isJson ? undefined : terminal.print("\nlooked at again:")),
  });
  progress.end();
  const failed = results.filter(({ status }) => status === "fail");
  if (isJson) {
    const account = caller && { accountId: caller.accountId, region: caller.region, caller: caller.arn };
    printJson(terminal, { ...account, isWell, fixed: isFixed, results: results.map(toJson) });
  } else {
    terminal.print();
    const well = isWell ? "ready to run" : failed.map(({ check }) => check).join(", ");
    terminal.print(`${countResults(results)}: ${well}`);
  }
  // Not thrown: every failure has been shown with its fix.
  if (!isWell) process.exitCode = 3;
}

/** What leaves a trace or costs something: only where it was asked for, and confirmed. */
async function mayAsk(
  { terminal }: CommandSession,
  step: Exclude<DoctorStep, { kind: "fix" }>,
  flags: DoctorFlags,
): Promise<boolean> {
  const question =
    step.kind === "probe"
      ? "Create a job that cannot run? It costs nothing; where it is taken, a failed job stays in the list."
      : `Send ${step.rowCount} rows on demand, at the full price?`;
  const answer = flags.yes === true || (await terminal.confirm(question));
  if (answer !== true) terminal.note(`${question} Not confirmed (--yes), so it was left out.`);
  return answer === true;
}

/** @returns whether the changes may be made */
async function mayFix(
  { terminal }: CommandSession,
  repairs: Extract<DoctorStep, { kind: "fix" }>["repairs"],
  flags: DoctorFlags,
): Promise<boolean> {
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
  }
  return isYes === true;
}

function toJson({
  check,
  subject,
  status,
  finding,
  isLikely,
  error,
  fix,
  paste,
}: DoctorReport["results"][number]): object {
  return {
    check,
    subject,
    status,
    finding,
    isLikely: isLikely === true,
    ...(error === undefined ? {} : { code: error.code, ...defined({ why: error.why }) }),
    ...defined({ fix, paste }),
  };
}
