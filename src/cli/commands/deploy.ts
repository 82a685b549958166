import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import {
  type DeployPlan,
  deploy,
  type FunctionFiles,
  type FunctionOptions,
  makeFunction,
  undeploy,
} from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { formatBytes } from "../../foundation/format.ts";
import { quoteWord } from "../../foundation/shell-word.ts";
import { askOrRefuse } from "../ask.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options/options.ts";
import { formatDiff, indent } from "../print-setup.ts";

type DeployFlags = CommonFlags &
  PlaceFlags & {
    readonly name?: string;
    readonly model?: readonly string[];
    readonly allowGlobal?: boolean;
    readonly scheduleMinutes?: string;
    readonly notifyTopic?: string;
    readonly print?: string;
    readonly undo?: boolean;
  };

export function define(command: Command): void {
  command
    .option("--name <name>", "what the stack and the function are called (default: halfprice)")
    .addOption(
      new Option("--model <model>", "let the function use this model only; may be repeated").argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .option("--allow-global", "use the global inference profile where the region has no other: data may go anywhere")
    .option("--schedule-minutes <n>", "how often to look, besides when jobs end (default: 5)")
    .option("--notify-topic <arn>", "an SNS topic that is told of alarms")
    .option("--print <folder>", "write template.json and function.zip there; make nothing")
    .option("--undo", "remove the function and all that belongs to it; runs stay");
  addCommonOptions(addPlaceOptions(command));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice deploy --workspace s3://team-bucket/halfprice-workspace\n  halfprice deploy --workspace s3://team-bucket/halfprice-workspace --print function\n  halfprice deploy --undo",
  );
  command.action(async (flags: DeployFlags) => {
    const request = parseRequest(flags);
    try {
      await inSession(flags, async (opened) => {
        if (flags.undo === true) return await undo(opened, flags);
        if (flags.print !== undefined) return await print(request, opened, flags, flags.print);
        return await apply(request, opened, flags);
      });
    } catch (error) {
      throw respell(error);
    }
  });
}

/** @throws BAD_OPTIONS */
function parseRequest(flags: DeployFlags): FunctionOptions {
  const problems: string[] = [];
  const { name, model, allowGlobal, scheduleMinutes, notifyTopic } = flags;
  if (scheduleMinutes !== undefined && !/^\d{1,6}$/.test(scheduleMinutes))
    problems.push(`--schedule-minutes is ${JSON.stringify(scheduleMinutes)}; it has to be a whole number`);
  if (flags.print !== undefined && flags.undo === true) problems.push("--print and --undo do not go together");
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice deploy" });
  return defined({
    ...{ name, models: model, allowGlobal, notifyTopic },
    scheduleMinutes: scheduleMinutes === undefined ? undefined : Number(scheduleMinutes),
  });
}

/** Names of a program's options, as the command spells them. */
const spelling: Readonly<Record<string, string>> = {
  name: "--name",
  scheduleMinutes: "--schedule-minutes",
  notifyTopic: "--notify-topic",
  "local is true": "--local",
};

function respell(error: unknown): unknown {
  if (!isError(error, "BAD_OPTIONS")) return error;
  const problems = error.details.problems.map((problem) =>
    Object.entries(spelling).reduce(
      (text, [name, flag]) => (text.startsWith(name) ? `${flag}${text.slice(name.length)}` : text),
      problem,
    ),
  );
  return new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice deploy" }, { cause: error });
}

/** What each part of the template is for, in a few words. */
const purposes: Readonly<Record<string, string>> = {
  Function: "makes the pass that halfprice collect makes; one at a time",
  Role: "may do what the policy below says",
  LogGroup: "a line for each run and pass, kept 30 days",
  FailedPasses: "events of passes that failed, kept 14 days",
  JobEnds: "calls it when a batch job ends",
  Timer: "calls it besides",
  PassFailed: "alarm: a pass has failed",
  EventsLeft: "alarm: events of failed passes are left",
};

function formatPlan({ account, name, workspace, place, template, policy, zip, isThere, before }: DeployPlan): string[] {
  const parts = Object.entries(template.Resources).flatMap(([key, { Type }]) =>
    purposes[key] === undefined ? [] : [`  ${colors.green("+")} ${Type.padEnd(24)} ${purposes[key]}`],
  );
  const change = isThere
    ? ["", `The stack ${name} is there; this changes in it:`, ...formatDiff(before, template)]
    : ["", ...parts];
  return [
    colors.dim(`account ${account.accountId}, ${account.region}, as ${account.arn}`),
    `Workspace  ${workspace}`,
    `Jobs       bucket ${place.bucket}, prefix ${place.prefix}, role ${place.roleArn}`,
    `Stack      ${name}; code ${formatBytes(zip.length)}`,
    ...change,
    "",
    "What the function may do:",
    indent(policy),
    "",
    // Lambda's free tier has a million calls a month; a call every five minutes is 8,640 (sources#lambda-price).
    "It costs next to nothing: 8,640 calls a month of a few seconds each, and $0.10 for each of two alarms where the ten free ones are used up.",
    "",
  ];
}

async function apply(request: FunctionOptions, opened: CommandSession, flags: DeployFlags): Promise<void> {
  const { options, terminal, progress } = opened;
  const show = flags.json === true ? terminal.note : terminal.print;
  const report = await deploy({
    ...{ ...options, ...request },
    async confirm(plan) {
      progress.end();
      for (const line of formatPlan(plan)) show(line);
      if (flags.yes !== true)
        await askOrRefuse(terminal, `${plan.isThere ? "Change" : "Make"} the stack ${plan.name}?`);
      return true;
    },
  });
  progress.end();
  const { account, name, workspace, action, outputs, codeUri } = report;
  if (flags.json === true) {
    printJson(terminal, {
      accountId: account.accountId,
      region: account.region,
      name,
      workspace,
      action,
      outputs,
      codeUri,
    });
    return;
  }
  const said = { create: "made", update: "changed", keep: "as it was", remove: "removed", gone: "gone" }[action];
  terminal.print(`The stack ${name} is ${said}.`);
  terminal.print(`Next   halfprice run your.csv prompt.md --workspace ${workspace} --unattended`);
  terminal.print(
    colors.dim(`Log    aws logs tail ${outputs["LogGroup"] ?? `/aws/lambda/${name}`} --region ${account.region}`),
  );
  terminal.print(colors.dim(`Undo   halfprice deploy --undo${name === "halfprice" ? "" : ` --name ${name}`}`));
}

async function undo(opened: CommandSession, flags: DeployFlags): Promise<void> {
  const { options, terminal, progress } = opened;
  const { name, action } = await undeploy({
    ...{ ...options, ...defined({ name: flags.name }) },
    async confirm({ name: stack, isThere }) {
      progress.end();
      if (isThere && flags.yes !== true)
        await askOrRefuse(
          terminal,
          `Remove the stack ${stack}: function, role, rules, queue, alarms and log? Runs stay.`,
        );
      return true;
    },
  });
  progress.end();
  if (flags.json === true) printJson(terminal, { name, action });
  else terminal.print(action === "gone" ? `There is no stack ${name}.` : `The stack ${name} is removed.`);
}

/** Writes the files, and says with which commands of AWS's own they become the same stack. */
async function print(
  request: FunctionOptions,
  opened: CommandSession,
  flags: DeployFlags,
  folder: string,
): Promise<void> {
  const { options, terminal, progress } = opened;
  const files = await makeFunction({ ...options, ...request });
  progress.end();
  mkdirSync(folder, { recursive: true });
  const [template, zip] = [join(folder, "template.json"), join(folder, "function.zip")];
  writeFileSync(template, `${JSON.stringify(files.template, null, 2)}\n`);
  writeFileSync(zip, files.zip);
  const commands = makeCommands(files, template, zip);
  const { name, workspace, codeUri } = files;
  if (flags.json === true) return printJson(terminal, { name, workspace, template, zip, codeUri, commands });
  terminal.print(`Wrote ${template} and ${zip} (${formatBytes(files.zip.length)}). The same stack without halfprice:`);
  for (const command of commands) terminal.print(`  ${command}`);
}

const makeCommands = ({ account, name, codeUri }: FunctionFiles, template: string, zip: string): string[] => [
  `aws s3 cp ${quoteWord(zip)} ${codeUri} --region ${account.region}`,
  `aws cloudformation deploy --stack-name ${name} --template-file ${quoteWord(template)} --capabilities CAPABILITY_NAMED_IAM --region ${account.region}`,
];
