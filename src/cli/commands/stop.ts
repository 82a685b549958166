import type { Command } from "commander";
import { findRunRow } from "../../workspace/show-run.ts";
import { finishCommand } from "../finish-command.ts";
import { inSession } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice stop 20261121-093012-x7k2q");
  command.action(async (wanted: string, flags: CommonFlags) => {
    await inSession(flags, async (opened) => {
      const row = await findRunRow(opened.session, wanted);
      await finishCommand(opened, row.id, "stop", flags.json === true);
    });
  });
}
