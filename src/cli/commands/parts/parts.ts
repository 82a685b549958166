import type { Command } from "commander";
import { parts, type RunPart, type RunParts } from "../../../admin.ts";
import { formatBytes, formatCount, formatNumberOf } from "../../../foundation/format.ts";
import { printJson } from "../../json/print-json.ts";
import { inSession } from "../../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../../options/options.ts";
import { formatTable } from "../../print-table.ts";

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice parts 20261121-093012-x7k2q\n  halfprice parts latest --json");
  command.action(async (wanted: string, flags: CommonFlags) => {
    await inSession(flags, async ({ options, terminal, progress }) => {
      const found = await parts(wanted, options);
      progress.end();
      if (flags.json === true) return printJson(terminal, found);
      const columns = [
        { head: "part", align: "right" as const },
        { head: "step" },
        { head: "files", align: "right" as const },
        { head: "size", align: "right" as const },
        { head: "rows", align: "right" as const },
        { head: "jobs" },
      ];
      for (const line of formatTable(columns, found.parts.map(toCells), terminal.columns)) terminal.print(line);
      terminal.print(sayCounts(found));
    });
  });
}

function toCells({ part, step, attempt, fileCount, sizeBytes, rowCount, jobs }: RunPart): string[] {
  const again = attempt === 1 ? "" : ` (attempt ${attempt})`;
  return [
    `${part}`,
    `${step}${again}`,
    formatCount(fileCount),
    formatBytes(sizeBytes),
    rowCount === undefined ? "" : formatCount(rowCount),
    jobs === undefined ? "" : `${jobs.endedCount} of ${jobs.count} ended`,
  ];
}

function sayCounts({ counts, parts: all }: RunParts): string {
  const { prepare, submit, wait, join, done } = counts;
  const steps = [
    [prepare, "to prepare"],
    [submit, "to submit"],
    [wait, "under way"],
    [join, "to join"],
    [done, "done"],
  ] as const;
  const said = steps.flatMap(([count, what]) => (count === 0 ? [] : [`${formatCount(count)} ${what}`]));
  return `${formatNumberOf(all.length, "part")}: ${said.join(", ")}`;
}
