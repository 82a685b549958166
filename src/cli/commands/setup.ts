import { type Command, Option } from "commander";
import { makePolicies, makeTemplate, type PolicyOptions, type SetupOptions, setup } from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options/options.ts";
import { confirmSetup, printSetup } from "../print-setup.ts";
import { confirmUndo, noteUndone, printUndone } from "../print-undo.ts";

type SetupFlags = CommonFlags &
  PlaceFlags & {
    readonly print?: boolean;
    readonly format?: "cloudformation";
    readonly undo?: boolean;
    readonly model?: readonly string[];
    readonly allowGlobal?: boolean;
    readonly caller?: string;
    readonly withDoctor?: boolean;
    readonly changeKeyPolicy?: boolean;
    readonly expireDays?: string;
    readonly strictPrefix?: boolean;
  };

/** A job may wait and run for a week. */
const expireDays = { least: 8, usual: 30 } as const;

export function define(command: Command): void {
  command
    .addOption(
      new Option(
        "--model <model>",
        "let role and caller use this model only, and those of earlier set-ups; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("--allow-global", "use the global inference profile where the region has no other: data may go anywhere")
    .option("--caller <arn>", "the user or role that is to run halfprice (default: who calls)")
    .option("--with-doctor", "let the caller read what halfprice doctor looks at, too")
    .option("--strict-prefix", "let the role list below the prefix only (default: the bucket, as on AWS's page)")
    .option("--change-key-policy", "add to the policy of the KMS key what it lacks (default: only shown)")
    .option(
      "--expire-days <n>",
      `days after which files of runs are removed from the bucket (default: ${expireDays.usual})`,
    )
    .addOption(
      new Option("--format <format>", "print a template that makes the same; make nothing").choices(["cloudformation"]),
    )
    .option("--print", "print the policies of bucket, role and caller as JSON; make nothing")
    .option("--undo", "remove what setup made here, and nothing else");
  addCommonOptions(addPlaceOptions(command));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice setup --model nova-2-lite\n  halfprice setup --bucket my-bucket --role arn:aws:iam::123456789012:role/my-role\n  halfprice setup --print\n  halfprice setup --format cloudformation > halfprice.template.json",
  );
  command.action(async (flags: SetupFlags) => {
    const request = parseRequest(flags);
    await inSession(flags, async (opened) => {
      const { withDoctor: _, changeKeyPolicy: __, ...policies } = request;
      if (flags.format !== undefined) return await printTemplate(policies, opened, flags);
      if (flags.print === true) return await printPolicies(policies, opened);
      return flags.undo === true ? await undo(opened, flags) : await apply(request, opened, flags);
    });
  });
}

/** Shows what would be made, asks, makes it, and says what to run next. */
async function apply(request: SetupOptions, opened: CommandSession, flags: SetupFlags): Promise<void> {
  const { options, terminal, progress } = opened;
  const shown = { ...opened, flags, model: request.models?.[0] };
  const report = await setup({
    ...{ ...options, ...request, writeConfig: true },
    confirm(steps, plan) {
      progress.end();
      return confirmSetup(steps, plan, shown);
    },
    onDone({ name, action }) {
      progress.end();
      terminal.note(`${action === "create" ? "made" : "changed"} ${name}`);
    },
  });
  progress.end();
  printSetup(report, shown);
}

/** Shows what would be removed or put back, asks, and does it. */
async function undo(opened: CommandSession, flags: SetupFlags): Promise<void> {
  const { options, progress } = opened;
  const shown = { ...opened, flags };
  const { steps } = await setup({
    ...{ ...options, undo: true },
    confirm(todo) {
      progress.end();
      return confirmUndo(todo, shown);
    },
    onDone(step) {
      progress.end();
      noteUndone(step, shown);
    },
  });
  printUndone(steps, shown);
}

/** @throws BAD_OPTIONS */
function parseRequest(flags: SetupFlags): SetupOptions {
  const { model = [], caller, expireDays: days = `${expireDays.usual}` } = flags;
  const problems: string[] = [];
  if (!/^\d{1,4}$/.test(days) || Number(days) < expireDays.least)
    problems.push(
      `--expire-days is ${JSON.stringify(days)}; it has to be a whole number from ${expireDays.least} to 9999: a job may take a week`,
    );
  if (caller !== undefined && !/^arn:aws(-[^:]+)?:(iam::\d{12}:(user|role)|sts::\d{12}:assumed-role)\/.+$/.test(caller))
    problems.push(`--caller is ${JSON.stringify(caller)}; it has to be the ARN of a user or role`);
  if ([flags.print, flags.undo, flags.format].filter((each) => each !== undefined).length > 1)
    problems.push("--print, --undo and --format do not go together");
  if (flags.format !== undefined && flags.role !== undefined)
    problems.push("--format cloudformation makes a role of its own: leave --role out");
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice setup" });
  const { allowGlobal, withDoctor, changeKeyPolicy, strictPrefix } = flags;
  return {
    ...{ models: model, expireDays: Number(days) },
    ...defined({ caller, allowGlobal, withDoctor, changeKeyPolicy, strictPrefix }),
  };
}

/** The template on stdout, and how to use it beside it. */
async function printTemplate(
  request: PolicyOptions,
  { options, terminal, progress }: CommandSession,
  flags: SetupFlags,
): Promise<void> {
  const template = await makeTemplate({ ...options, ...request });
  progress.end();
  printJson(terminal, template);
  if (flags.json === true) return;
  terminal.note(
    colors.dim(
      "aws cloudformation deploy --stack-name halfprice --capabilities CAPABILITY_NAMED_IAM --template-file halfprice.template.json",
    ),
  );
}

async function printPolicies(request: PolicyOptions, { options, terminal, progress }: CommandSession): Promise<void> {
  const policies = await makePolicies({ ...options, ...request });
  progress.end();
  const { accountId, region, callerArn } = policies;
  terminal.note(colors.dim(`account ${accountId}, ${region}, as ${callerArn}`));
  printJson(terminal, policies);
}
