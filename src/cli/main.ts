#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { HalfpriceError } from "../foundation/errors.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import { describeError, formatError, toHalfpriceError } from "./print-error.ts";
import { Interrupted } from "./terminal.ts";

// The SDK says on every start that a later version will want a newer Node.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** A command's module: loaded when it is asked for, so that `--help` loads none. */
interface CommandModule {
  readonly define: (command: Command) => void;
}

/** The commands, in the order of `--help`. */
export const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandModule> }>> = {
  demo: {
    summary: "the whole job on the local service, on data that ships with it",
    load: () => import("./commands/demo.ts"),
  },
  init: {
    summary: "a recipe that runs as it stands: prompt, real data, commands",
    load: () => import("./commands/init.ts"),
  },
  try: {
    summary: "a few rows now, on demand: the answers, and what they cost",
    load: () => import("./commands/try.ts"),
  },
  plan: { summary: "everything up to the question; spends nothing", load: () => import("./commands/plan.ts") },
  run: { summary: "plan, ask, submit, follow, collect, join, report", load: () => import("./commands/run.ts") },
  runs: { summary: "every run: state, rows, money", load: () => import("./commands/runs.ts") },
  show: { summary: "one run: jobs, outcomes, errors by cause, money", load: () => import("./commands/show.ts") },
  resume: { summary: "take up a run again from wherever it is", load: () => import("./commands/resume.ts") },
  collect: {
    summary: "one pass, no waiting: fetch what ended, submit what slots allow",
    load: () => import("./commands/collect.ts"),
  },
  retry: {
    summary: "send again what got no good answer and can get one",
    load: () => import("./commands/retry.ts"),
  },
  stop: { summary: "stop a run's jobs and keep what is there", load: () => import("./commands/stop.ts") },
  clean: {
    summary: "remove what runs have left in S3 and on disk; shows it first",
    load: () => import("./commands/clean.ts"),
  },
  export: { summary: "a run's table again, in another form", load: () => import("./commands/export.ts") },
  setup: {
    summary: "make bucket, role and policies: shows first, then asks",
    load: () => import("./commands/setup.ts"),
  },
  doctor: {
    summary: "every check, with cause and fix; reads only",
    load: () => import("./commands/doctor.ts"),
  },
  explain: {
    summary: "what a message of the service means, and what to do",
    load: () => import("./commands/explain.ts"),
  },
  models: { summary: "what can run in batch, where, at what price", load: () => import("./commands/models.ts") },
  serve: {
    summary: "OpenAI's and Anthropic's batch endpoints in front of Bedrock, for their own clients",
    load: () => import("./commands/serve.ts"),
  },
  local: {
    summary: "the local service: S3, Bedrock and the rest on one port",
    load: () => import("./commands/local.ts"),
  },
};

function readVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

async function makeProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("halfprice")
    .description(
      "Run a prompt over every row of a table at half the on-demand price, with Amazon Bedrock batch inference.",
    )
    .version(readVersion(), "-V, --version")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText(
      "after",
      "\nExample:\n  halfprice demo\n  halfprice run reviews.csv sentiment.md -o answers.parquet\n\nhalfprice <command> --help shows a command's options.",
    );
  const asked = argv.find((word) => !word.startsWith("-"));
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (name === asked) (await load()).define(command);
  }
  if (asked !== undefined && commands[asked] === undefined) {
    const nearest = findNearest(asked, Object.keys(commands));
    const problem = `there is no command ${asked}${nearest === undefined ? "" : `; the nearest is ${nearest}`}`;
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice" });
  }
  return program;
}

function report(thrown: unknown, argv: readonly string[]): never {
  if (thrown instanceof Interrupted) {
    process.stderr.write("\ninterrupted; nothing was sent\n");
    process.exit(130);
  }
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) process.exit(0);
    const command = `halfprice ${argv.find((word) => commands[word] !== undefined) ?? ""}`.trim();
    const problem = thrown.message
      .replace(/^error: /, "")
      .replace(/\n/g, " ")
      .trim();
    // Without a command commander shows the help and calls that an error.
    if (thrown.code === "commander.help") process.exit(2);
    thrown = new HalfpriceError("BAD_OPTIONS", { problems: [problem], command }, { cause: thrown });
  }
  const error = toHalfpriceError(thrown);
  process.stderr.write(`${formatError(error)}\n`);
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify(describeError(error))}\n`);
  process.exit(error.exitCode);
}

const argv = process.argv.slice(2);
// A reader that has seen enough (`| head`) closes the pipe: that is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
try {
  const program = await makeProgram(argv);
  if (argv.length === 0) program.outputHelp();
  else await program.parseAsync(argv, { from: "user" });
} catch (thrown) {
  report(thrown, argv);
}
