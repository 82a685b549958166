import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeMoneyLines } from "../../foundation/money-line.ts";
import { packageFile } from "../../foundation/package-file.ts";
import { beginBatch, loadBatch, resumeRun } from "../../index.ts";
import { colors } from "../display/colors.ts";
import { refuseUnsound, viewFinished } from "../finish-command.ts";
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
    const data = packageFile("data/banking77/");
    const table = join(folder, "banking77.csv");
    copyFileSync(new URL("train.csv", data), table);
    copyFileSync(new URL("LICENSE", data), join(directory, "banking77-LICENSE"));
    copyFileSync(new URL("intent.md", data), join(directory, "intent.md"));
    const workspace = join(directory, ".halfprice");
    await inSession({ ...flags, workspace, local: true }, async (opened) => {
      const { options, terminal, progress } = opened;
      terminal.note(`halfprice demo works in ./${folder}, on the local service: no account, no cost.`);
      terminal.note(
        colors.dim(`10,003 messages to a bank (Banking77, CC-BY-4.0): which of 77 intents does each have?\n`),
      );
      const output = join(folder, "results.parquet");
      const batch = await loadBatch({ source: table, promptFile: join(folder, "intent.md") });
      const { runId } = await beginBatch(batch, {
        ...{ ...options, output },
        onPlan(plan) {
          progress.end();
          for (const line of formatPlan(plan)) terminal.note(line);
          terminal.note("");
        },
      });
      const ended = await resumeRun(runId, options);
      progress.end();
      if (ended.work?.isFinished !== true) throw new HalfpriceError("BUG", { reason: "the demo's run did not end" });
      const finished = await viewFinished(opened, ended);
      const { summary, plan, run, paths } = finished;
      const [head = "", ...rest] = makeMoneyLines({ summary, model: plan.model, origin: run.origin });
      terminal.print(colors.bold(head));
      printProblems(terminal, summary);
      const shown = ["text", "intent", "_halfprice_outcome"];
      const rows = await ended.query<Readonly<Record<string, unknown>>>("SELECT * FROM results LIMIT 5");
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
