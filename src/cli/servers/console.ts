import type { Command } from "commander";
import { startConsole } from "../../console/start-console.ts";
import { readVersion } from "../../foundation/version.ts";
import { endJson } from "../json/json-document.ts";
import { printJson } from "../json/print-json.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options/options.ts";
import { openTerminal } from "../terminal.ts";
import { portBounds, readServerNumber } from "./read-server-number.ts";

interface ConsoleFlags extends Omit<CommonFlags, "yes">, PlaceFlags {
  readonly port?: string;
  /** `--no-open` makes it false. */
  readonly open: boolean;
}

const usualPort = 8788;

export function define(command: Command): void {
  command
    .option("--port <n>", `port on 127.0.0.1; 0 takes any free one (default: ${usualPort})`)
    .option("--no-open", "do not open the browser")
    .option("--json", "print the address as one JSON document, and go on serving")
    .option("--workspace <place>", "the runs that it shows: a folder, or s3://bucket/prefix (default: .halfprice)")
    .option("--region <region>", "AWS region")
    .option("--profile <name>", "profile of your AWS configuration")
    .option("--endpoint-url <url>", "another endpoint than AWS's, for every service")
    .option("--local", "on the local service: everything that is begun is simulated")
    .option("--quiet", "print nothing but the address and errors");
  addPlaceOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice console\n  halfprice console --local --port 0 --no-open");
  command.action(async (flags: ConsoleFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, local } = flags;
    const given = { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, local };
    const server = await startConsole({
      session: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      port: readServerNumber("halfprice console", "--port", flags.port, portBounds) ?? usualPort,
      version: readVersion(),
    });
    if (flags.json === true) {
      printJson(terminal, { url: server.url });
      // The document is wanted now, and not when the console ends.
      const document = endJson();
      if (document !== undefined) terminal.print(document);
    } else terminal.print(server.url);
    terminal.note("Whoever has this address can do what you can. Ctrl-C stops the console; jobs go on.");
    if (flags.open && flags.json !== true) await openInBrowser(server.url);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
    });
    await server.close();
  });
}
