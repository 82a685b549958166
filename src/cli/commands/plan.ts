import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { planBatch } from "../../index.ts";
import { printJson } from "../json/print-json.ts";
import { inSession } from "../open-session.ts";
import {
  addCommonOptions,
  addPartsOptions,
  addPlaceOptions,
  addPromptOptions,
  addRunOptions,
  type PartsFlags,
  type RunFlags,
} from "../options/options.ts";
import { readCommandRequest } from "../options/read-command-request.ts";
import { readPartsFlags } from "../options/read-parts-flags.ts";
import { formatPlan } from "../print-plan.ts";
import { savePlan } from "../saved-plan.ts";
import { toSavedRequest } from "../saved-request.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec]", "a table, a glob of tables in quotes, run:<id>, or a .ts spec")
    .argument("[prompt]", "a prompt file");
  addCommonOptions(addPlaceOptions(addPartsOptions(addRunOptions(addPromptOptions(command)))));
  command.optionsGroup("Output:").option("--save <file>", "keep the plan in a .json file, for: halfprice run <file>");
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice plan reviews.csv --prompt "Sentiment of: {{text}}" --model nova-2-lite',
  );
  command.action(
    async (
      first: string | undefined,
      second: string | undefined,
      flags: RunFlags & PartsFlags & { readonly save?: string },
    ) => {
      if (flags.save !== undefined && !flags.save.endsWith(".json")) {
        const problems = [`--save is ${JSON.stringify(flags.save)}; it has to end in .json`];
        throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice plan" });
      }
      const sized = readPartsFlags(flags, "halfprice plan");
      if (Object.keys(sized).length > 0 && flags.save !== undefined) {
        const problems = ["--save keeps the plan of a table; with parts there is no table yet, only a list of files"];
        throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice plan" });
      }
      const { batch, options } = await readCommandRequest(first, second, flags, "halfprice plan");
      await inSession(flags, async ({ options: session, terminal, progress }) => {
        const mayBeOffline = flags.save === undefined;
        const plan = await planBatch(batch, { ...session, ...options, ...sized, mayBeOffline, keepDraft: true });
        progress.end();
        if (flags.json === true) printJson(terminal, { ...plan.details, origin: plan.origin, paidUsd: 0 });
        else for (const line of formatPlan(plan)) terminal.print(line);
        const [problem] = plan.problems;
        if (problem !== undefined) throw problem;
        if (flags.save !== undefined) {
          savePlan(flags.save, toSavedRequest(first, second, flags), plan);
          terminal.note(`saved; to do just this: halfprice run ${flags.save}`);
        }
      });
    },
  );
}
