import type { Command } from "commander";
import { showRun } from "../../index.ts";
import { printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { printShown } from "../print-run.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, or its name");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice show 20261121-093012-x7k2q");
  command.action(async (wanted: string, flags: CommonFlags) => {
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const shown = await showRun({ config }, wanted);
    if (flags.json === true) printJson(terminal, shown);
    else printShown(terminal, shown);
  });
}
