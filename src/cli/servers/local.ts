import { type Command, Option } from "commander";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { DataDirInUse, ModelBehaviourError, startLocal } from "../../local/index.ts";
import { toWritten } from "../display/colors.ts";
import { openTerminal } from "../terminal.ts";
import { type Bounds, portBounds, readServerNumber } from "./read-server-number.ts";

interface LocalFlags {
  readonly port?: string;
  readonly data?: string;
  readonly speed?: string;
  readonly region?: string;
  readonly account?: string;
  readonly seed?: string;
  readonly quota?: readonly string[];
  readonly modelAccess?: readonly string[];
  readonly throttle?: string;
  readonly answers?: string;
  readonly modelBehaviour?: string;
  readonly faults?: string;
  readonly allowOrigin?: readonly string[];
  readonly verifySignatures?: boolean;
  readonly enforceIam?: boolean;
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
    .option("--region <region>", "region of unsigned requests (default: us-east-1)")
    .option("--account <id>", "twelve digits (default: 123456789012)")
    .option("--seed <n>", "seed of shuffles, ids and faults (default: the time)")
    .addOption(
      new Option(
        "--quota <[region/][model:]kind=value>",
        "a batch quota, such as min-records=10; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .addOption(
      new Option(
        "--model-access <[model:]lack>",
        "what the account lacks of a model: agreement, pending-agreement, use-case-form, entitlement or authorization; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .addOption(
      new Option(
        "--allow-origin <origin>",
        "a web page that may use the service, such as http://localhost:3000; may be repeated (default: none may)",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("--throttle <n>", "requests a minute that InvokeModel and Converse take (default: no limit)")
    .option("--answers <who>", "simulated (the default), or openai:<base url>[#model] of an OpenAI-compatible server")
    .option("--model-behaviour <file>", "JSON of how often models are right; docs/local-service.md has the form")
    .option("--faults <file>", "JSON of what is to go wrong; docs/local-service.md has the form")
    .option("--verify-signatures", "check every request's signature, as AWS does")
    .option("--enforce-iam", "decide every call by IAM's policies; the keys of --env are the administrator's")
    .option("--env", "print the variables that point an AWS client at it, and go on serving")
    .option("--verbose", "a line for each request")
    .option("--quiet", "print nothing but errors");
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice local --speed 60 --data ./aws\n  halfprice local --env > aws.env &   then: . ./aws.env; aws s3 mb s3://my-bucket",
  );
  command.action(async (flags: LocalFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const number = (option: string, text: string | undefined, bounds: Bounds): number | undefined =>
      readServerNumber("halfprice local", option, text, bounds);
    const port = number("--port", flags.port, portBounds) ?? usualPort;
    const speed = number("--speed", flags.speed, { low: 0.001, high: 1_000_000 }) ?? 1;
    const seed = number("--seed", flags.seed, { low: 0, high: Number.MAX_SAFE_INTEGER });
    const throttle = number("--throttle", flags.throttle, { low: 1, high: 1_000_000 });
    try {
      const server = await startLocal({
        port,
        speed,
        ...defined({
          dataDir: flags.data,
          region: flags.region,
          accountId: flags.account,
          seed,
          answers: flags.answers,
          modelBehaviour: flags.modelBehaviour,
          faults: flags.faults,
        }),
        ...(throttle === undefined ? {} : { runtimeLimits: { requestsPerMinute: throttle } }),
        quotas: flags.quota ?? [],
        allowOrigins: flags.allowOrigin ?? [],
        modelAccess: flags.modelAccess ?? [],
        verifySignatures: flags.verifySignatures === true,
        enforceIam: flags.enforceIam === true,
        ...(flags.verbose === true ? { log: (line: string) => process.stderr.write(`${toWritten(line)}\n`) } : {}),
      });
      if (flags.env === true)
        for (const [name, value] of Object.entries(server.env)) terminal.print(`export ${name}=${value}`);
      terminal.note(
        `S3, Bedrock, IAM, STS and the rest on ${server.url}${speed === 1 ? "" : `, ${speed} times as fast as real time`}`,
      );
      terminal.note(
        `${flags.answers?.startsWith("openai:") === true ? `Answers come from ${flags.answers}` : "Answers are simulated, not a model's"}. Ctrl-C stops it.`,
      );
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
      });
      await server.close();
    } catch (error) {
      if (error instanceof DataDirInUse) {
        const owner = error.owner.url ?? `process ${error.owner.pid}`;
        throw new HalfpriceError("LOCAL_DATA_BUSY", { dataDir: error.dataDir, owner }, { cause: error });
      }
      if (error instanceof ModelBehaviourError) {
        const { path, reason } = error;
        throw new HalfpriceError("MODEL_BEHAVIOUR", { path, reason }, { cause: error });
      }
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
        throw new HalfpriceError("PORT_IN_USE", { port }, { cause: error });
      // What the service says of its settings: a quota, a plan of faults, an account or an address that cannot be used.
      if (error instanceof RangeError || (error as Error).name === "FaultPlanError") {
        const problems = [(error as Error).message];
        throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice local" }, { cause: error });
      }
      throw error;
    }
  });
}
