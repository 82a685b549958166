import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { openRun } from "../../index.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { openTerminal } from "../terminal.ts";

type ReportFlags = CommonFlags & { readonly output?: string; readonly format?: string };

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, or its name")
    .option("-o, --output <file>", "output file (.html, .md; default: report.html in the run's folder)")
    .option("--format <format>", "html or md (default: as the output's name ends, else html)");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice report reviews -o reviews.html\n  halfprice report reviews --format md -o reviews.md",
  );
  command.action(async (wanted: string, flags: ReportFlags) => {
    const format = readFormat(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const run = await openRun(wanted, toSessionOptions(flags));
    const path = flags.output ?? run.files.report.replace(/\.html$/, `.${format}`);
    await run.writeReport(path, format);
    if (flags.json === true) printJson(terminal, { runId: run.id, format, output: path });
    else terminal.print(path);
  });
}

type ReportFormat = "html" | "md";

/** @throws BAD_OPTIONS */
function readFormat({ format, output }: ReportFlags): ReportFormat {
  const ending = /\.(html?|md|markdown)$/i.exec(output ?? ".html")?.[1]?.toLowerCase();
  const named = ending === undefined ? undefined : ending.startsWith("h") ? "html" : "md";
  const problems: string[] = [];
  if (named === undefined) problems.push(`--output is ${output}; it has to end in .html or .md`);
  if (format !== undefined && format !== "html" && format !== "md")
    problems.push(`--format is ${JSON.stringify(format)}; it has to be html or md`);
  else if (format !== undefined && output !== undefined && named !== undefined && named !== format)
    problems.push(`--format is ${format}, and --output ends otherwise: ${output}`);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice report" });
  return (format as ReportFormat | undefined) ?? named ?? "html";
}
