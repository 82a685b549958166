import type { Command } from "commander";
import { parseNotify } from "../../notify/parse-notify.ts";
import { approveCanary } from "../../run/start-and-resume/run-canary.ts";
import { findRunRow } from "../../workspace/show-run.ts";
import { finishCommand } from "../finish-command.ts";
import { inSession } from "../open-session.ts";
import {
  addCommonOptions,
  addNotifyOption,
  addWorkersOption,
  type CommonFlags,
  type NotifyFlags,
  type PartsFlags,
} from "../options.ts";
import { readPartsFlags } from "../parts/read-parts-flags.ts";

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  addNotifyOption(addWorkersOption(addCommonOptions(command)));
  command.addHelpText("after", "\nExample:\n  halfprice resume 20261121-093012-x7k2q");
  command.action(async (wanted: string, flags: CommonFlags & NotifyFlags & Pick<PartsFlags, "workers">) => {
    const { workers } = readPartsFlags(flags, "halfprice resume");
    const notify = parseNotify(flags.notify ?? [], "halfprice resume");
    await inSession(flags, async (opened) => {
      const row = await findRunRow(opened.session, wanted);
      // Saying yes lets the rest follow a canary that was not as it should be.
      if (flags.yes === true) approveCanary(opened.session, row.id);
      await finishCommand(opened, row.id, "follow", flags.json === true, undefined, notify, workers);
    });
  });
}
