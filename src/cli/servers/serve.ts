import { type Command, Option } from "commander";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { readKeys } from "../../serve/read-keys.ts";
import { startServe } from "../../serve/start-serve.ts";
import { addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options/options.ts";
import { openTerminal } from "../terminal.ts";
import { type Bounds, portBounds, readServerNumber } from "./read-server-number.ts";

interface ServeFlags extends Omit<CommonFlags, "json" | "yes">, PlaceFlags {
  readonly port?: string;
  readonly host?: string;
  readonly keys?: string;
  readonly map?: readonly string[];
  readonly allowGlobal?: boolean;
  readonly maxCost?: string;
  readonly maxCostTotal?: string;
  readonly timeoutHours?: string;
}

const usualPort = 8787;

export function define(command: Command): void {
  command
    .option("--port <n>", `port; 0 takes any free one (default: ${usualPort})`)
    .option("--host <address>", "address to listen on; any but loopback needs --keys (default: 127.0.0.1)")
    .option("--keys <file>", "keys that may call, one a line (default: every caller on this machine may)")
    .addOption(
      new Option("--map <name=model>", "a client's model name and the model it stands for; may be repeated").argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .option("--allow-global", "use the global inference profile where the region has no other: data may go anywhere")
    .option("--max-cost <usd>", "requests fail where the upper estimate of their run is over it")
    .option("--max-cost-total <usd>", "the same of all runs of the workspace together")
    .option("--timeout-hours <n>", "hours after which the service gives a job up: 24 to 168")
    .option(
      "--workspace <place>",
      "where batches, runs and the ledger are kept: a folder, or s3://bucket/prefix (default: .halfprice)",
    )
    .option("--region <region>", "AWS region")
    .option("--profile <name>", "profile of your AWS configuration")
    .option("--endpoint-url <url>", "another endpoint than AWS's, for every service")
    .option("--local", "on the local service: no account, no cost, simulated answers")
    .option("--quiet", "print nothing but errors");
  addPlaceOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice serve --local --map gpt-4o-mini=nova-lite\n  halfprice serve --host 0.0.0.0 --keys keys.txt --max-cost 20",
  );
  command.action(async (flags: ServeFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const { host, workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey } = flags;
    const number = (option: string, text: string | undefined, bounds: Bounds): number | undefined =>
      readServerNumber("halfprice serve", option, text, bounds);
    const port = number("--port", flags.port, portBounds) ?? usualPort;
    const maxCostUsd = number("--max-cost", flags.maxCost, { low: 0, high: 1e9 });
    const maxCostTotalUsd = number("--max-cost-total", flags.maxCostTotal, { low: 0, high: 1e9 });
    const timeoutHours = number("--timeout-hours", flags.timeoutHours, { low: 24, high: 168 });
    const server = await startServe({
      session: defined({
        ...{ workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, local: flags.local },
        vpcSubnets: flags.vpcSubnets?.split(","),
        vpcSecurityGroups: flags.vpcSecurityGroups?.split(","),
      }),
      run: defined({ maxCostUsd, maxCostTotalUsd, timeoutHours, allowGlobal: flags.allowGlobal }),
      port,
      mapped: readMap(flags.map ?? []),
      isLogging: flags.quiet !== true,
      ...defined({ host }),
      ...(flags.keys === undefined ? {} : { mayCall: readKeys(flags.keys) }),
    });
    terminal.note(`OpenAI's files and batches on ${server.url}/v1, Anthropic's message batches on ${server.url}`);
    if (flags.local === true) terminal.note("Answers are simulated, not a model's.");
    terminal.note("Ctrl-C stops it; accepted batches go on when it is started again.");
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
    });
    await server.close();
  });
}

function refuse(problem: string): HalfpriceError {
  return new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice serve" });
}

function readMap(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [, name = "", model = ""] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      if (name === "")
        throw refuse(`--map is ${JSON.stringify(pair)}; it has to be name=model, such as gpt-4o-mini=nova-lite`);
      return [name, model];
    }),
  );
}
