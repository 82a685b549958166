import type { Command } from "commander";
import { writeRaw } from "./terminal.ts";

/**
 * Lets a command write control characters of data, names and messages as they are. `--raw` says the same, but where it names a
 * column of ready request bodies.
 */
export function addRawOutput(command: Command): void {
  const isTaken = command.options.some(({ long }) => long === "--raw");
  command.option(isTaken ? "--raw-output" : "--raw, --raw-output", "write control characters of data as they are");
  command.hook("preAction", (_, action) => {
    if (action.opts()["rawOutput"] === true) writeRaw();
  });
}
