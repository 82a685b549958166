import type { Command } from "commander";
import { findRunId } from "../../index.ts";
import { finishCommand } from "../finish-command.ts";
import { inSession } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice stop 20261121-093012-x7k2q");
  command.action(async (wanted: string, flags: CommonFlags) => {
    await inSession(flags, async (opened) => {
      const runId = await findRunId(wanted, opened.options);
      await finishCommand(opened, runId, "stop", flags.json === true);
    });
  });
}
