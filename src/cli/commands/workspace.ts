import type { Command } from "commander";
import { copyWorkspace } from "../../admin.ts";
import { formatBytes, formatNumberOf } from "../../foundation/format.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { openTerminal } from "../terminal.ts";

const example = "\nExample:\n  halfprice workspace copy .halfprice s3://team-bucket/halfprice-workspace";

export function define(command: Command): void {
  const copy = command
    .command("copy <from> <to>")
    .description("Copy a workspace with all its runs into one that has none: each is a folder or s3://bucket/prefix.");
  addCommonOptions(copy);
  for (const each of [command, copy]) each.addHelpText("after", example);
  copy.action(async (from: string, to: string, flags: CommonFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const { workspace: _, ...options } = toSessionOptions(flags);
    const copied = await copyWorkspace(from, to, options);
    if (flags.json === true) return printJson(terminal, { from, to, ...copied });
    const { runCount, fileCount, sizeBytes } = copied;
    terminal.print(
      `Copied ${formatNumberOf(runCount, "run")}: ${formatNumberOf(fileCount, "file")}, ${formatBytes(sizeBytes)}.`,
    );
    terminal.print(`Work on there: --workspace ${to}, or HALFPRICE_WORKSPACE=${to}`);
  });
}
