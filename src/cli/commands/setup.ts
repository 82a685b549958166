import { type Command, Option } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeSetup, makeSetupTemplate } from "../../setup/make-setup.ts";
import { openSetup } from "../../setup/set-up.ts";
import { type SetupRequest } from "../../setup/setup-scope.ts";
import { openUndo } from "../../setup/undo-setup.ts";
import { type Session } from "../../workspace/session.ts";
import { colors } from "../display/colors.ts";
import { type CommandSession, inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options.ts";
import { printSetup } from "../print-setup.ts";
import { printUndo } from "../print-undo.ts";

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
      const session = await forgetLocalPlace(opened.session, flags);
      if (flags.format !== undefined) return await printTemplate(session, request, opened, flags);
      if (flags.print === true) return await printPolicies(session, request, opened);
      if (flags.undo === true) return await undo(session, opened, flags);
      const setup = await openSetup(session, request, flags.local === true ? undefined : process.cwd());
      try {
        opened.progress.end();
        await printSetup(setup, { ...opened, flags, model: request.models[0] });
      } finally {
        setup.close();
      }
    });
  });
}

/** @throws BAD_OPTIONS */
function parseRequest(flags: SetupFlags): SetupRequest {
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
  return {
    models: model,
    expireDays: Number(days),
    isGlobalAllowed: flags.allowGlobal === true,
    withDoctor: flags.withDoctor === true,
    changeKeyPolicy: flags.changeKeyPolicy === true,
    isPrefixStrict: flags.strictPrefix === true,
    ...(caller === undefined ? {} : { caller }),
  };
}

/** `--local` brings a bucket and a role of its own; setup is tried there with the names that it would choose. */
async function forgetLocalPlace(session: Session, flags: SetupFlags): Promise<Session> {
  if (flags.local !== true) return session;
  const { bucket, prefix, roleArn, kmsKey, vpc } = await readCommandConfig(flags);
  return { ...session, config: { ...session.config, bucket, prefix, roleArn, kmsKey, vpc } };
}

async function undo(session: Session, opened: CommandSession, flags: SetupFlags): Promise<void> {
  const undoing = await openUndo(session);
  try {
    opened.progress.end();
    await printUndo(undoing, { ...opened, flags });
  } finally {
    undoing.close();
  }
}

/** The template on stdout, and how to use it beside it. */
async function printTemplate(
  session: Session,
  request: SetupRequest,
  { terminal, progress }: CommandSession,
  flags: SetupFlags,
): Promise<void> {
  // A role that was written into the settings is not one that the template could make.
  const config = { ...session.config, roleArn: undefined };
  const template = await makeSetupTemplate({ ...session, config }, request);
  progress.end();
  printJson(terminal, template);
  if (flags.json === true) return;
  terminal.note(
    colors.dim(
      "aws cloudformation deploy --stack-name halfprice --capabilities CAPABILITY_NAMED_IAM --template-file halfprice.template.json",
    ),
  );
}

async function printPolicies(
  session: Session,
  request: SetupRequest,
  { terminal, progress }: CommandSession,
): Promise<void> {
  const setup = await makeSetup(session, request);
  progress.end();
  const { accountId, region, callerArn } = setup;
  terminal.note(colors.dim(`account ${accountId}, ${region}, as ${callerArn}`));
  printJson(terminal, setup);
}
