import type { Command } from "commander";
import { HalfpriceError } from "../../errors.ts";
import { openTerminal } from "../terminal.ts";

interface LocalFlags {
  readonly port?: string;
  readonly data?: string;
  readonly speed?: string;
  readonly env?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

const usualPort = 4566;

export function define(command: Command): void {
  command
    .option("--port <n>", `port on 127.0.0.1; 0 takes any free one (default: ${usualPort})`)
    .option("--data <dir>", "where buckets, jobs and roles are kept; without it they end with the service")
    .option("--speed <n>", "how many times as fast as real time jobs live (default: 1)")
    .option("--env", "print the variables that point an AWS client at it, and go on serving")
    .option("--verbose", "a line for each request")
    .option("--quiet", "print nothing but errors");
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice local --speed 60 --data ./aws\n  halfprice local --env > aws.env &   then: . ./aws.env; aws s3 mb s3://my-bucket",
  );
  command.action(async (flags: LocalFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const port = readNumber("--port", flags.port, usualPort, 0, 65_535);
    const speed = readNumber("--speed", flags.speed, 1, 0.001, 1_000_000);
    const { DataDirInUse, startLocal } = await import("../../local/index.ts");
    try {
      const server = await startLocal({
        port,
        speed,
        ...(flags.data === undefined ? {} : { dataDir: flags.data }),
        ...(flags.verbose === true ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
      });
      if (flags.env === true)
        for (const [name, value] of Object.entries(server.env)) terminal.print(`export ${name}=${value}`);
      terminal.note(
        `S3, Bedrock, IAM, STS and the rest on ${server.url}${speed === 1 ? "" : `, ${speed} times as fast as real time`}`,
      );
      terminal.note("Answers are rehearsed, not a model's. Ctrl-C stops it.");
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
      });
      await server.close();
    } catch (error) {
      if (error instanceof DataDirInUse) {
        const owner = error.owner.url ?? `process ${error.owner.pid}`;
        throw new HalfpriceError("LOCAL_DATA_BUSY", { dataDir: error.dataDir, owner }, { cause: error });
      }
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
        throw new HalfpriceError("PORT_IN_USE", { port }, { cause: error });
      throw error;
    }
  });
}

function readNumber(option: string, text: string | undefined, usual: number, low: number, high: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (text.trim() !== "" && value >= low && value <= high) return value;
  const problems = [`${option} is ${JSON.stringify(text)}; it has to be a number from ${low} to ${high}`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice local" });
}
