import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { planParts } from "../../run/parts/plan-parts.ts";
import { checkRunPlan } from "../../run/plan/check-run-plan.ts";
import { planRun } from "../../run/plan/plan-run.ts";
import { savePlan } from "../../run/plan/saved-plan.ts";
import { inSession, printJson } from "../open-session.ts";
import {
  addCommonOptions,
  addPartsOptions,
  addPlaceOptions,
  addPromptOptions,
  addRunOptions,
  type PartsFlags,
  type RunFlags,
} from "../options.ts";
import { readPartsFlags } from "../parts/read-parts-flags.ts";
import { formatPlan } from "../print-plan.ts";
import { readCommandRequest } from "../read-command-request.ts";
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
      const { size } = readPartsFlags(flags, "halfprice plan");
      if (size !== undefined && flags.save !== undefined) {
        const problems = ["--save keeps the plan of a table; with parts there is no table yet, only a list of files"];
        throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice plan" });
      }
      const request = await readCommandRequest(first, second, flags, "halfprice plan");
      await inSession(flags, async ({ session, terminal, progress }) => {
        const planned =
          size === undefined
            ? await planRun(session, request, { mayBeOffline: flags.save === undefined })
            : await planParts(session, request, size, { mayBeOffline: true });
        const { plan, run } = planned;
        progress.end();
        if (flags.json === true) printJson(terminal, { ...plan, origin: run.origin, paidUsd: 0 });
        else
          for (const line of formatPlan(plan, request.table, run.parameters.maxTokens, planned.caps))
            terminal.print(line);
        checkRunPlan(planned, request);
        if (flags.save !== undefined) {
          savePlan(flags.save, toSavedRequest(first, second, flags), planned);
          terminal.note(`saved; to do just this: halfprice run ${flags.save}`);
        }
      });
    },
  );
}
