import type { Command } from "commander";
import { HalfpriceError } from "../../errors.ts";
import { makeSetup } from "../../index.ts";
import { inSession, printJson } from "../open-session.ts";
import { addCommonOptions, addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options.ts";
import { colors } from "../terminal.ts";

type SetupFlags = CommonFlags & PlaceFlags & { readonly print?: boolean; readonly model?: string };

export function define(command: Command): void {
  command.option("--print", "print the policies of bucket, role and caller as JSON; make nothing");
  command.option("--model <model>", "let the role invoke this model only");
  addPlaceOptions(addCommonOptions(command));
  command.addHelpText("after", "\nExample:\n  halfprice setup --print --bucket my-bucket");
  command.action(async (flags: SetupFlags) => {
    if (flags.print !== true) {
      const problems = ["setup needs --print: this version writes the policies and makes nothing itself"];
      throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice setup" });
    }
    await inSession(flags, async ({ session, terminal, progress }) => {
      const setup = await makeSetup(session, flags.model);
      progress.end();
      if (flags.json === true) return printJson(terminal, setup);
      const { accountId, region, callerArn, bucket, roleArn, policies } = setup;
      terminal.note(colors.dim(`account ${accountId}, ${region}, as ${callerArn}`));
      const parts: [string, object][] = [
        [`trust policy of the role ${roleArn}`, policies.trust],
        [`permissions policy of the role`, policies.role],
        [`bucket policy of ${bucket}`, policies.bucket],
        [`policy of the caller ${callerArn}`, policies.caller],
      ];
      for (const [title, policy] of parts) {
        terminal.note(colors.bold(`# ${title}`));
        printJson(terminal, policy);
      }
    });
  });
}
