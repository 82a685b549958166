import type { Command } from "commander";
import { parseNotify } from "../../notify/parse-notify.ts";
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
  command.addHelpText("after", "\nExample:\n  halfprice collect 20261121-093012-x7k2q");
  command.action(async (wanted: string, flags: CommonFlags & NotifyFlags & Pick<PartsFlags, "workers">) => {
    const { workers } = readPartsFlags(flags, "halfprice collect");
    const notify = parseNotify(flags.notify ?? [], "halfprice collect");
    await inSession(flags, async (opened) => {
      const row = await findRunRow(opened.session, wanted);
      await finishCommand(opened, row.id, "once", flags.json === true, undefined, notify, workers);
    });
  });
}
