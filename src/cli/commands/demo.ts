import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { parseRunOptions } from "../../config/run-options.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeMoneyLines } from "../../report/money-line.ts";
import { checkRunPlan } from "../../run/plan/check-run-plan.ts";
import { planRun } from "../../run/plan/plan-run.ts";
import { readRequest } from "../../run/plan/read-request.ts";
import { driveRun } from "../../run/start-and-resume/drive-run.ts";
import { startRun } from "../../run/start-and-resume/start-run.ts";
import { previewTable } from "../../workspace/preview-table.ts";
import { colors } from "../display/colors.ts";
import { refuseUnsound } from "../finish-command.ts";
import { inSession } from "../open-session.ts";
import { formatPlan } from "../print-plan.ts";
import { printProblems } from "../print-run.ts";
import { formatCell, formatTable } from "../print-table.ts";

const folder = "halfprice-demo";
/** Says that the folder is the demo's own, to be started afresh. */
const mark = ".made-by-halfprice-demo";

export function define(command: Command): void {
  command.option("--quiet", "print nothing but results and errors");
  command.addHelpText("after", "\nExample:\n  halfprice demo");
  command.action(async (flags: { readonly quiet?: boolean }) => {
    const directory = resolve(folder);
    if (existsSync(directory) && !existsSync(join(directory, mark))) {
      throw new HalfpriceError("BAD_OUTPUT", {
        path: `./${folder}`,
        reason: "a folder of that name is there, and the demo did not make it",
      });
    }
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
    writeFileSync(join(directory, mark), "");
    const data = new URL("../../../data/banking77/", import.meta.url);
    const table = join(folder, "banking77.csv");
    copyFileSync(new URL("train.csv", data), table);
    copyFileSync(new URL("LICENSE", data), join(directory, "banking77-LICENSE"));
    copyFileSync(new URL("intent.md", data), join(directory, "intent.md"));
    const workspace = join(directory, ".halfprice");
    await inSession({ ...flags, workspace, local: true }, async ({ session, terminal, progress }) => {
      terminal.note(`halfprice demo works in ./${folder}, on the local service: no account, no cost.`);
      terminal.note(
        colors.dim(`10,003 messages to a bank (Banking77, CC-BY-4.0): which of 77 intents does each have?\n`),
      );
      const output = join(folder, "results.parquet");
      const options = parseRunOptions({}, "halfprice demo");
      const request = await readRequest({ first: table, second: join(folder, "intent.md") }, options);
      const planned = await planRun(session, request);
      progress.end();
      for (const line of formatPlan(planned.plan, table, planned.run.parameters.maxTokens)) terminal.note(line);
      terminal.note("");
      checkRunPlan(planned, request);
      const { runId } = await startRun(session, planned, output);
      const { finished } = await driveRun(session, runId, "follow");
      progress.end();
      if (finished === undefined) throw new HalfpriceError("BUG", { reason: "the demo's run did not end" });
      const { summary, plan, run, paths } = finished;
      const [head = "", ...rest] = makeMoneyLines({ summary, model: plan.model, origin: run.origin });
      terminal.print(colors.bold(head));
      printProblems(terminal, summary);
      const shown = ["text", "intent", "_halfprice_outcome"];
      const rows = await previewTable(paths, 5);
      const cells = rows.map((row) => shown.map((name) => formatCell(row[name])));
      for (const line of formatTable(
        shown.map((head) => ({ head })),
        cells,
      ))
        terminal.print(line);
      terminal.print("…");
      for (const line of rest) terminal.print(line);
      terminal.print(`Table      ${output}`);
      terminal.print(`Report     ${relative(process.cwd(), paths.report)}`);
      terminal.print(`Your data  halfprice try your.csv --prompt "…{{column}}…" --model nova-2-lite`);
      refuseUnsound(finished);
    });
  });
}
